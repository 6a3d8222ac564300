import { copyFile } from "node:fs/promises";
import type { EngineRecord } from "../result/document/engine-record.ts";
import { argumentValue } from "../result/series/model-facts.ts";
import type { Tools } from "../tools.ts";
import { EngineError } from "./engine-error.ts";

/** Set: an engine without memory for its context is started once more with one that fits. */
export interface OnOom {
  /** Tokens that the longest request will have; 0 when nobody knows. */
  neededContext: number;
}

interface Started {
  logFile: string;
  engineArgs: readonly string[];
  onOom?: OnOom | undefined;
}

type Smaller = { engineArgs: string[] } & Required<Pick<EngineRecord, "shrunk">>;

/**
 * What is different in a second start after one that had no memory for its context. The log of the first is kept beside
 * it as `<name>-out-of-memory.log`.
 * @throws the error itself when there is nothing to be tried: not asked for, another failure, or too short for the requests
 */
export async function shrinkAfter(
  error: unknown,
  { logFile, engineArgs, onOom }: Started,
  { report, signal }: Tools,
): Promise<Smaller> {
  if (!(error instanceof EngineError) || onOom === undefined || error.longestContext === undefined) throw error;
  if (signal.aborted) throw error;
  const { longestContext } = error;
  if (longestContext < onOom.neededContext) {
    const why = `not tried with ${longestContext} (--on-oom shrink): the requests need ${onOom.neededContext} tokens`;
    throw new EngineError({ ...error.failure, detail: `${error.detail}; ${why}` });
  }
  await copyFile(logFile, logFile.replace(/\.log$/, "-out-of-memory.log"));
  report.warning(
    `${error.detail}. Starting it once more with --max-model-len ${longestContext} (--on-oom shrink): these numbers belong to that engine, and compare with none of another length`,
  );
  const from = Number(argumentValue(engineArgs, "--max-model-len"));
  const shrunk = { from: Number.isInteger(from) && from > 0 ? from : null, to: longestContext };
  return { engineArgs: withMaxModelLen(engineArgs, longestContext), shrunk };
}

const IS_LENGTH = /^--max[-_]model[-_]len(=|$)/;

/** The arguments with this length instead of any other. */
export function withMaxModelLen(engineArgs: readonly string[], length: number): string[] {
  const others = engineArgs.filter((argument, index) => {
    const before = engineArgs[index - 1] ?? "";
    return !IS_LENGTH.test(argument) && !(IS_LENGTH.test(before) && !before.includes("="));
  });
  return [...others, "--max-model-len", String(length)];
}
