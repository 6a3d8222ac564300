import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { createInterface } from "node:readline";
import { signalGroup, startProcess, stopGroup } from "../process.ts";

interface ToolEnd {
  /** null: it was never started, or a signal ended it. */
  exitCode: number | null;
  /** What it said, for a message. */
  words: string;
}

export interface ToolRun {
  ended: Promise<ToolEnd>;
  /** Ends its whole process group. Never throws and never waits long: a tool may hang in its driver, deaf to SIGKILL. */
  stop(): Promise<void>;
  /** From now on it alone does not keep this process alive. */
  unref(): void;
}

interface ToolOptions {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  onLine(line: string): void;
}

const GRACE_SECONDS = 1;
const STOP_LIMIT_MS = 2000;
const WORDS_KEPT = 500;

/** Runs a GPU's tool and hands over its lines. It never outlives this process. */
export function runTool({ program, args, env, onLine }: ToolOptions): ToolRun {
  const child = startProcess(program, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => void signalGroup(child.pid!, "SIGKILL");
  if (child.pid !== undefined) process.once("exit", kill);
  let words = "";
  let closed = false;
  const keep = (text: string) => {
    words = `${words}${text}\n`.slice(0, WORDS_KEPT);
  };
  const lines = createInterface({ input: child.stdout! }).on("line", (line) => {
    keep(line);
    onLine(line);
  });
  child.stderr!.on("data", (chunk) => keep(String(chunk)));
  const ended = new Promise<ToolEnd>((resolve) => {
    child.once("error", ({ message }) => resolve({ exitCode: null, words: message }));
    child.once("close", (exitCode) => resolve({ exitCode, words: words.trim() }));
  });
  ended.then(() => {
    closed = true;
    process.removeListener("exit", kill);
  });
  return {
    ended,
    unref() {
      child.unref();
      for (const pipe of [child.stdout, child.stderr]) (pipe as Socket).unref();
    },
    async stop() {
      // Its number may be another process's by now.
      if (closed) return;
      // What it still says does not count, and a pipe that nobody reads would be kept open by what outlives it.
      lines.close();
      child.stdout!.destroy();
      child.stderr!.destroy();
      await stopChild(child);
    },
  };
}

async function stopChild({ pid }: ChildProcess): Promise<void> {
  if (pid === undefined) return;
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, STOP_LIMIT_MS);
  await Promise.race([stopGroup(pid, GRACE_SECONDS).catch(() => undefined), limit.promise]);
  clearTimeout(timer);
}

/** Runs a GPU's tool to its end. @returns what it printed, or undefined when it took too long */
export async function askTool(
  { program, args, env, signal }: Omit<ToolOptions, "onLine"> & { signal: AbortSignal },
  limitMs: number,
): Promise<(ToolEnd & { stdout: string }) | undefined> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  if (limit.aborted) return undefined;
  const lines: string[] = [];
  const run = runTool({ program, args, env, onLine: (line) => lines.push(line) });
  const late = Promise.withResolvers<undefined>();
  limit.addEventListener("abort", () => late.resolve(undefined), { once: true });
  const end = await Promise.race([run.ended, late.promise]);
  await run.stop();
  return end === undefined ? undefined : { ...end, stdout: lines.join("\n") };
}
