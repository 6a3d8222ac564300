import { open } from "node:fs/promises";
import { messageOf } from "../errors.ts";
import type { EngineRecord } from "../result/document/engine-record.ts";
import type { Failure } from "../result/document/reason.ts";
import { type StartPhases, startPhasesOf } from "../result/metrics/start-phases.ts";
import { type Circumstances, classifyFailure } from "./failure/classify.ts";
import { excerpt, readableLog } from "./failure/excerpt.ts";
import { brief } from "./failure/sign.ts";

type Logged = Pick<EngineRecord, "logFile">;

/** Sixteen workers that fail print a megabyte of tracebacks, and the cause is the first of them. */
const LOG_END_BYTES = 4 * 1024 * 1024;
const TAIL_LINES = 50;

/** The last lines of an engine's log; empty when it has none, the cause in brackets when it cannot be read. */
export async function engineLogTail(engine: Logged, lines = TAIL_LINES): Promise<string> {
  return excerpt(readableLog(await readLogEnd(engine)), lines);
}

/**
 * Why an engine ended, as far as its log tells, and the 50 lines of the log around the cause.
 * @param end what is known without the log, and `what` happened, which begins the sentence
 */
export async function lastWords(engine: Logged, end: Circumstances & { what: string }): Promise<Required<Failure>> {
  const { longestContext: _, ...failure } = await startLastWords(engine, end);
  return failure;
}

/** The same of an engine that did not come up, with the largest max_model_len that would have fitted. */
export async function startLastWords(
  engine: Logged,
  end: Circumstances & { what: string },
): Promise<Required<Failure> & { longestContext?: number | undefined }> {
  const log = readableLog(await readLogEnd(engine));
  const { diagnosis, line, offset } = classifyFailure(log, end);
  const logTail = excerpt(log, TAIL_LINES, offset);
  if (diagnosis === undefined) return { reason: "engine_crashed", detail: end.what, logTail };
  const { reason, cause, fix, longestContext } = diagnosis;
  return { reason, detail: `${end.what}: ${cause}; ${fix}${quote(line, cause)}`, logTail, longestContext };
}

/** How much of a line shows that a sentence holds it already. */
const ENOUGH = 40;

/** The line that the cause rests on, unless that says so itself. */
function quote(line: string | undefined, cause: string): string {
  if (line === undefined) return "";
  const message = line.replace(/^[\w.]+: |^Value error, /, "").replace(/ \[type=.*/, "");
  return cause.includes(brief(message).slice(0, ENOUGH)) ? "" : ` (log: “${brief(line)}”)`;
}

/** The number format that vLLM settled on, from the line in which it prints its configuration; null when absent. */
export async function loggedDtype(engine: Logged): Promise<string | null> {
  return /\bdtype=(?:torch\.)?(\w+)/.exec(await readLogEnd(engine))?.[1] ?? null;
}

/** Where the engine's start went, from its log; undefined when that names no phase. */
export async function loggedStartPhases(engine: Logged): Promise<StartPhases | undefined> {
  return startPhasesOf(await readLogEnd(engine));
}

/** The last 4 MiB: a log grows with every request, and what matters on a failure is at its end. */
async function readLogEnd({ logFile }: Logged): Promise<string> {
  if (logFile === null) return "";
  try {
    const file = await open(logFile, "r");
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - LOG_END_BYTES);
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(size - start), position: start });
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    // The log explains a failure; that it is missing must not hide the failure itself.
    return `(no log: ${messageOf(error)})`;
  }
}
