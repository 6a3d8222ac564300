import { type ChildProcess, spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { COMPILE_CACHE, release } from "./built-release.ts";

/** A bundle starts in half the time that the sources take. */
export const CLI = release.bundle("cli");

export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command line as a process of its own, so that a test can send it signals. */
export function startPitwall(
  args: string[],
  cwd = tmpdir(),
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    // Whoever runs the tests in a workflow has one that is not to be written to.
    env: { ...process.env, ...COMPILE_CACHE, GITHUB_STEP_SUMMARY: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ended = new Promise<Ended>((resolve) => child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr })));
  return { child, ended };
}

/** Runs the command line to its end. */
export const pitwall = (args: string[], cwd?: string, env?: NodeJS.ProcessEnv): Promise<Ended> =>
  startPitwall(args, cwd, env).ended;
