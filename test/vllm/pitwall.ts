import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const CLI = join(import.meta.dirname, "..", "..", "dist", "cli.mjs");

/** What vLLM needs on a machine without GPU and network. */
export const CPU_ENVIRONMENT = {
  VLLM_CPU_KVCACHE_SPACE: "1",
  HF_HUB_OFFLINE: "1",
  VLLM_NO_USAGE_STATS: "1",
  DO_NOT_TRACK: "1",
};

export interface Started {
  child: ChildProcess;
  ended: Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
}

/** Starts the built command line against the vLLM of a virtual environment. */
export function pitwall(venv: string, cwd: string, ...args: string[]): Started {
  const env = { ...process.env, ...CPU_ENVIRONMENT, PITWALL_VLLM: join(venv, "bin", "vllm") };
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += chunk));
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const ended = new Promise<{ exitCode: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { child, ended };
}

/** Waits for something that a process is about to do, or for its end. */
export async function until<T>(what: () => T | undefined, started: Started): Promise<T> {
  let over = false;
  started.ended.then(() => (over = true));
  for (;;) {
    const found = what();
    if (found !== undefined) return found;
    if (over) throw new Error(`pitwall ended too early:\n${(await started.ended).stderr}`);
    await sleep(50);
  }
}

export const json = (path: string) => JSON.parse(readFileSync(path, "utf8"));
export const jsonIfThere = (path: string) => (existsSync(path) ? json(path) : undefined);

/** Processes that work in a folder: whatever a run started there inherits it. */
export function processesIn(folder: string): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(() => readlinkSync(`/proc/${pid}/cwd`)).startsWith(folder))
    .map((pid) => read(() => readFileSync(`/proc/${pid}/cmdline`, "utf8")));
}

/** Empty when the process ended while we looked. */
function read(look: () => string): string {
  try {
    return look();
  } catch {
    return "";
  }
}
