import { ToolLines } from "../../machine/gpu/tool-lines.ts";
import { sampleIn } from "./prometheus.ts";

/** All samples of one name together: each engine behind one server has its own. */
interface Sum {
  sum: number;
  count: number;
}

/**
 * What a page of metrics says of the names that are wanted, read in the pieces that it comes in: a server decides how long
 * its page is, and one of many megabytes is no reason to hold up what measures it. Values that are no number are left out.
 */
export class SampleSums {
  readonly #sums = new Map<string, Sum>();
  readonly #lines: ToolLines;

  constructor(wanted: ReadonlySet<string>) {
    this.#lines = new ToolLines((line) => this.#take(line, wanted));
  }

  push(bytes: Uint8Array): void {
    this.#lines.push(bytes);
  }

  /** The page's last line may lack its end. */
  end(): ReadonlyMap<string, Sum> {
    this.#lines.end();
    return this.#sums;
  }

  #take(line: string, wanted: ReadonlySet<string>): void {
    const sample = sampleIn(line, wanted);
    if (sample === undefined || !Number.isFinite(sample.value)) return;
    const { sum, count } = this.#sums.get(sample.name) ?? { sum: 0, count: 0 };
    this.#sums.set(sample.name, { sum: sum + sample.value, count: count + 1 });
  }
}

/** The same of a page that is there as a whole. */
export function sumsIn(page: string, wanted: ReadonlySet<string>): ReadonlyMap<string, Sum> {
  const sums = new SampleSums(wanted);
  sums.push(Buffer.from(page));
  return sums.end();
}
