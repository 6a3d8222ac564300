import { Pod } from "../pod.ts";

/** A change of a pod, as `kubectl get pods --watch --output-watch-events -o json` prints it. */
export interface PodEvent {
  type: string;
  pod: Pod;
}

/** Reads events as their bytes come: one a line, or one over several lines, as older versions of kubectl print it. */
export class PodEvents {
  #rest = "";
  #open = "";

  /** @returns what has come to its end; what is no pod is passed over */
  take(text: string): PodEvent[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop()!;
    return lines.flatMap((line) => this.#line(line));
  }

  #line(line: string): PodEvent[] {
    this.#open += line;
    if (!line.endsWith("}") || (line !== "}" && this.#open !== line)) return [];
    const read = eventOf(this.#open);
    this.#open = "";
    return read === undefined ? [] : [read];
  }
}

function eventOf(text: string): PodEvent | undefined {
  try {
    const { type, object } = JSON.parse(text);
    return { type: String(type), pod: Pod.parse(object) };
  } catch {
    return undefined;
  }
}
