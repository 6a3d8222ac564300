import { spawn } from "node:child_process";
import { messageOf, UserError } from "../errors.ts";
import { closeOf, letGo, Printed, TooMuchPrinted } from "./printed.ts";
import { signalTree } from "./process-tree.ts";

export interface CommandResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  input?: string;
  /** Ends the program when it aborts; the call throws the signal's reason then. */
  signal?: AbortSignal | undefined;
}

/**
 * Runs a program to its end and hands back what it printed; a non-zero exit is the caller's to judge. No shell.
 * @throws TooMuchPrinted; UserError when it could not be started
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { signal } = options;
  signal?.throwIfAborted();
  try {
    return await runToEnd(program, args, options);
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof TooMuchPrinted) throw cause;
    throw new UserError(`${program} could not be started: ${messageOf(cause)}. Is it installed and on PATH?`, {
      cause,
    });
  }
}

/** What a program that was asked to end may still take. */
const END_GRACE_MS = 300;

async function runToEnd(
  program: string,
  args: readonly string[],
  { input = "", cwd, env, signal }: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, { cwd, env, stdio: "pipe" });
  const stop = () => {
    if (child.pid !== undefined) signalTree(child.pid, "SIGTERM");
    setTimeout(() => child.kill("SIGKILL"), END_GRACE_MS).unref();
  };
  const printed = new Printed(() => {
    stop();
    letGo(child);
  });
  const [stdout, stderr] = [printed.part(), printed.part()];
  child.stdout.on("data", stdout.add);
  child.stderr.on("data", stderr.add);
  signal?.addEventListener("abort", stop);
  try {
    // One that ends before it has read all of a long input is judged by how it ends.
    child.stdin.on("error", () => undefined).end(input);
    const [exitCode, by] = await closeOf(child, printed);
    signal?.throwIfAborted();
    if (printed.isTooMuch) throw new TooMuchPrinted(program);
    return {
      exitCode: exitCode ?? 1,
      stdout: stdout.text(),
      stderr: by === null ? stderr.text() : `${stderr.text()}\nended by ${by}`,
    };
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
