import type { ChildProcess } from "node:child_process";
import type { Socket } from "node:net";
import { messageOf } from "../../errors.ts";
import { signalGroup, startProcess, stopGroup } from "../process.ts";
import { ToolLines } from "./tool-lines.ts";

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
/** Characters of an answer: a hundred times what eight GPUs make. What comes behind them is left out. */
const LARGEST_ANSWER = 1024 * 1024;

/** Runs a GPU's tool and hands over its lines. It never outlives this process. Never throws. */
export function runTool(options: ToolOptions): ToolRun {
  try {
    return watchTool(startProcess(options.program, options.args, withPipes(options.env)), options.onLine);
  } catch (error) {
    return { ended: Promise.resolve({ exitCode: null, words: messageOf(error) }), stop: async () => {}, unref() {} };
  }
}

const withPipes = (env: NodeJS.ProcessEnv) => ({ env, stdio: ["ignore" as const, "pipe" as const, "pipe" as const] });

function watchTool(child: ChildProcess, onLine: (line: string) => void): ToolRun {
  const { pid } = child;
  // There are none when all file descriptors are used up.
  const pipes = [child.stdout, child.stderr].filter((pipe): pipe is Socket => Boolean(pipe));
  const kill = () => pid !== undefined && signalGroup(pid, "SIGKILL");
  process.once("exit", kill);
  let words = "";
  let closed = false;
  const keep = (text: string) => {
    words = `${words}${text}\n`.slice(0, WORDS_KEPT);
  };
  const lines = new ToolLines((line) => {
    keep(line);
    onLine(line);
  });
  child.stdout?.on("data", (chunk) => lines.push(chunk)).on("end", () => lines.end());
  child.stderr?.on("data", (chunk) => keep(String(chunk)));
  const ended = new Promise<ToolEnd>((resolve) => {
    child.on("error", ({ message }) => resolve({ exitCode: null, words: message }));
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
      for (const pipe of pipes) pipe.unref();
    },
    async stop() {
      // Its number may be another process's by now.
      if (closed || pid === undefined) return;
      // What it still says does not count, and a pipe that nobody reads would be kept open by what outlives it.
      for (const pipe of pipes) pipe.destroy();
      await stopWithin(pid, STOP_LIMIT_MS);
    },
  };
}

async function stopWithin(pid: number, limitMs: number): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, limitMs);
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
  let length = 0;
  const onLine = (line: string) => {
    length += line.length + 1;
    if (length <= LARGEST_ANSWER) lines.push(line);
  };
  const run = runTool({ program, args, env, onLine });
  const late = Promise.withResolvers<undefined>();
  limit.addEventListener("abort", () => late.resolve(undefined), { once: true });
  const end = await Promise.race([run.ended, late.promise]);
  await run.stop();
  return end === undefined ? undefined : { ...end, stdout: lines.join("\n") };
}
