import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { messageOf, UserError } from "../errors.ts";
import { makeFolder } from "../files.ts";
import { runningMembers } from "./process-table.ts";
import { findProgram } from "./program.ts";

/** Starts a program that runs on, as the leader of its own process group, so that all of it can be stopped at once. */
export function startProcess(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(program, args, { ...options, detached: true });
}

/** Starts a program that runs on beside us, and is stopped with our own process group. */
export function startMember(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(program, args, options);
}

/** A program that has its pid, but has not begun. */
interface HeldProcess {
  child: ChildProcess;
  release(): void;
}

/**
 * Starts a program as {@link startProcess} does, but lets it begin only when it is released: until then a shell waits in its
 * place, under the pid that the program will have, and ends when we do. So its pid can be noted before there is anything
 * that a killed pitwall could leave behind. Standard input is empty, whatever the options say.
 */
export function startHeld(program: string, args: readonly string[], options: SpawnOptions): HeldProcess {
  // The shell would tell of a missing program by an exit code, like any program that fails.
  const { env = process.env, cwd = "." } = options;
  if (findProgram(program, env, String(cwd)) === undefined)
    return { child: startProcess(program, args, options), release: () => undefined };
  const [, ...outputs] = Array.isArray(options.stdio) ? options.stdio : [];
  const waiting = ["-c", 'read -r _ && exec "$@" </dev/null', "sh", program, ...args];
  const child = startProcess("/bin/sh", waiting, { ...options, stdio: ["pipe", ...outputs] });
  // One that was stopped meanwhile reads nothing any more.
  child.stdin?.on("error", () => undefined);
  return { child, release: () => child.stdin?.end("\n") };
}

interface Logged {
  logFile: string;
  env: NodeJS.ProcessEnv;
  cwd?: string | undefined;
}

/**
 * Starts a held process with all that it prints in a file: without a pipe through us, so that the log goes on when we are gone.
 * @throws UserError when the file cannot be written
 */
export async function startLogged(
  program: string,
  args: readonly string[],
  { logFile, env, cwd }: Logged,
): Promise<HeldProcess> {
  const log = await openLog(logFile);
  try {
    return startHeld(program, args, { env, cwd, stdio: ["ignore", log, log] });
  } finally {
    closeSync(log);
  }
}

async function openLog(logFile: string): Promise<number> {
  try {
    await makeFolder(dirname(logFile));
    return openSync(logFile, "w");
  } catch (cause) {
    throw new UserError(`${logFile} could not be written: ${messageOf(cause)}. Check free space and permissions.`, {
      cause,
    });
  }
}

/** Signals a whole process group; false when none of it is left. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** TERM, then KILL when the group outlives the grace; resolves when no process of it runs any more. */
export async function stopGroup(leader: number, graceSeconds: number): Promise<void> {
  for (const [signal, seconds] of [
    ["SIGTERM", graceSeconds],
    ["SIGKILL", 10],
  ] as const) {
    if (!signalGroup(leader, signal)) return;
    const deadline = performance.now() + seconds * 1000;
    while (performance.now() < deadline) {
      if (runningMembers(leader).length === 0) return;
      await pause(50);
    }
  }
  throw new UserError(
    `process group ${leader} is still there after SIGKILL; look at it with: ps -o pid,stat,cmd -g ${leader}`,
  );
}

const CHILD_GRACE_SECONDS = 15;

interface LoggedRun extends Logged {
  signal: AbortSignal;
  /** Ends, on an abort, what the program leaves to others, as docker does its container; awaited before its own group is stopped. */
  stop?(): Promise<void>;
  /** Called before it begins. */
  onStart?(pid: number): Promise<void>;
}

/**
 * Runs a program to its end with all that it prints in a file. An abort stops its whole process group.
 * @returns its exit code, or the signal that ended it
 */
export async function runToLog(
  program: string,
  args: readonly string[],
  { signal, stop, onStart, ...logged }: LoggedRun,
): Promise<number | NodeJS.Signals> {
  const { child, release } = await startLogged(program, args, logged);
  try {
    const exit = once(child, "exit", { signal });
    exit.catch(() => {});
    if (child.pid !== undefined) await onStart?.(child.pid);
    release();
    const [code, by] = await exit;
    return code ?? by;
  } catch (cause) {
    if (signal.aborted) {
      await stop?.();
      return "SIGTERM";
    }
    throw new UserError(`${program} could not be started: ${messageOf(cause)}. Is it installed and on PATH?`, {
      cause,
    });
  } finally {
    if (child.pid !== undefined) await stopGroup(child.pid, CHILD_GRACE_SECONDS);
  }
}
