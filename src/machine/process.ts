import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { messageOf, UserError } from "../errors.ts";
import { makeFolder } from "../files.ts";
import { runningMembers } from "./process-table.ts";
import { findProgram } from "./program.ts";

/** Starts a program that runs on, as the leader of its own process group, so that all of it can be stopped at once. */
export function startProcess(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(program, args, { ...options, detached: true });
}

/** A program that has its pid, but has not begun. */
export interface HeldProcess {
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

interface LoggedRun {
  logFile: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  cwd?: string;
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
  { logFile, env, signal, cwd, stop, onStart }: LoggedRun,
): Promise<number | NodeJS.Signals> {
  await makeFolder(dirname(logFile));
  const log = await open(logFile, "w");
  const { child, release } = startHeld(program, args, { stdio: ["ignore", log.fd, log.fd], env, cwd });
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
    await log.close();
  }
}
