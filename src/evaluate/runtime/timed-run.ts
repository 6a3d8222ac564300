import { statSync } from "node:fs";
import { lstat, rm } from "node:fs/promises";
import { runToLog } from "../../machine/process.ts";
import { readPlain } from "../../plain-file.ts";
import type { PhaseRun } from "../evidence.ts";

interface TimedRun {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  logFile: string;
  seconds: number;
  /** Ends what the program itself does not. */
  stop?(): Promise<void>;
}

export interface TimedEnd {
  end: PhaseRun["end"];
  seconds: number;
}

/** A test that prints for ever would fill the disk; the signal that it ends with is that of a file that grew too large. */
const MOST_LOG_BYTES = 400 * 2 ** 20;
const WATCH_MS = 500;

/** Runs a program with a time limit. @throws the signal's reason on abort, when all of it has ended */
export async function runTimed(run: TimedRun, signal: AbortSignal): Promise<TimedEnd> {
  const { program, args, seconds, ...how } = run;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), seconds * 1000);
  const flood = new AbortController();
  const watch = setInterval(() => {
    if ((statSync(run.logFile, { throwIfNoEntry: false })?.size ?? 0) > MOST_LOG_BYTES) flood.abort();
  }, WATCH_MS);
  const began = performance.now();
  try {
    const code = await runToLog(program, args, {
      ...how,
      signal: AbortSignal.any([signal, limit.signal, flood.signal]),
    });
    signal.throwIfAborted();
    const took = (performance.now() - began) / 1000;
    if (flood.signal.aborted) return { end: { kind: "signal", signal: "SIGXFSZ" }, seconds: took };
    return { end: limit.signal.aborted ? { kind: "timeout", seconds } : endOf(code), seconds: took };
  } finally {
    clearTimeout(timer);
    clearInterval(watch);
  }
}

const endOf = (code: number | NodeJS.Signals): PhaseRun["end"] =>
  typeof code === "number" ? { kind: "exit", code } : { kind: "signal", signal: code };

const LARGEST_JUNIT_MIB = 16;

/** A JUnit file that the tests' process wrote, if it did. @throws UserError for one that is no plain file, or too large */
export async function readJunit(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  // A link could lead to any file of this machine, whose words would end in a report.
  if (found === undefined || found.isSymbolicLink()) return undefined;
  return readPlain(path, { largestMib: LARGEST_JUNIT_MIB });
}

/** Before pytest runs, so that no older one is taken for its own. */
export const removeJunit = (path: string) => rm(path, { recursive: true, force: true });
