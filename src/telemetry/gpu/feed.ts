import type { GpuReading } from "../../machine/gpu/reading.ts";
import { runTool, type ToolRun } from "../../machine/gpu/tool-process.ts";

export interface FeedOptions {
  program: string;
  env: NodeJS.ProcessEnv;
  intervalSeconds: number;
  onReading(reading: GpuReading): void;
}

/** Readings of a tool as they come. */
export interface GpuFeed {
  /** Why there are no more of them; undefined while all is well. */
  fault(): string | undefined;
  stop(): Promise<void>;
}

/**
 * - `reading`: one GPU at one moment
 * - `header`: understood, and nothing to keep
 * - `retry`: the tool refuses these arguments; start it with those
 */
export type Line =
  | { kind: "reading"; reading: GpuReading }
  | { kind: "header" }
  | { kind: "retry"; args: string[] }
  | { kind: "unknown" };

/** A tool that prints without end what is not understood would cost more than it tells. */
const MOST_UNKNOWN_LINES = 100;

/** A tool that runs on and prints a line a GPU at every interval. */
export function lineFeed(
  { program, env, onReading }: FeedOptions,
  args: string[],
  understand: (line: string) => Line,
): GpuFeed {
  let run: ToolRun;
  let retryWith: string[] | undefined;
  let unknown = 0;
  let fault: string | undefined;
  let stopped = false;

  function onLine(text: string): void {
    const line = understand(text);
    if (line.kind === "reading") {
      unknown = 0;
      onReading(line.reading);
    }
    if (line.kind === "retry") retryWith = line.args;
    if (line.kind !== "unknown" || ++unknown < MOST_UNKNOWN_LINES || fault !== undefined) return;
    fault = `printed what pitwall does not understand: ${excerpt(text)}`;
    run.stop();
  }
  function start(withArgs: string[]): void {
    run = runTool({ program, args: withArgs, env, onLine });
    run.unref();
    run.ended.then(({ exitCode, words }) => {
      const next = retryWith;
      retryWith = undefined;
      if (next !== undefined && !stopped) return start(next);
      fault ??= `${exitCode === null ? "ended" : `ended with exit code ${exitCode}`}: ${excerpt(words)}`;
    });
  }

  start(args);
  return {
    fault: () => fault,
    stop() {
      stopped = true;
      return run.stop();
    },
  };
}

export const excerpt = (words: string) => JSON.stringify(words.replace(/\s+/g, " ").trim().slice(0, 200));
