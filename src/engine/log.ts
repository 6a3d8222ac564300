import { open } from "node:fs/promises";
import { messageOf } from "../errors.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import type { Reason } from "../result/reason.ts";

type Logged = Pick<EngineRecord, "logFile">;

const LOG_END_BYTES = 256 * 1024;
const TAIL_LINES = 50;
const OUT_OF_MEMORY = [
  /(CUDA|HIP|XPU) out of memory/,
  /\bOutOfMemoryError\b/,
  // vLLM's own words when weights leave no room for the KV cache (v1/core/kv_cache_utils.py, v1/worker/utils.py).
  /No available memory for the cache blocks/,
  /larger than the available KV cache memory/,
  /is less than desired GPU memory utilization/,
];

/** The last lines of an engine's log; empty when it has none, the cause in brackets when it cannot be read. */
export async function engineLogTail(engine: Logged, lines = TAIL_LINES): Promise<string> {
  return lastLines(await readLogEnd(engine), lines);
}

/** Why an engine ended, as far as its log tells, and the log's last 50 lines. */
export async function lastWords(engine: Logged) {
  const log = await readLogEnd(engine);
  const outOfMemory = OUT_OF_MEMORY.some((pattern) => pattern.test(log));
  const reason = outOfMemory ? "out_of_memory" : "engine_crashed";
  return { reason, logTail: lastLines(log, TAIL_LINES) } as const satisfies { reason: Reason; logTail: string };
}

/** The number format that vLLM settled on, from the line in which it prints its configuration; null when absent. */
export async function loggedDtype(engine: Logged): Promise<string | null> {
  return /\bdtype=(?:torch\.)?(\w+)/.exec(await readLogEnd(engine))?.[1] ?? null;
}

/** The last 256 KiB: a log grows with every request, and what matters on a failure is at its end. */
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

// Some thirty lines that Triton's binding prints at every end of vLLM; they would push the error out of the tail.
const NANOBIND_REPORT = /^nanobind: leaked .*\n(?: - .*\n)*|^nanobind: this is likely .*\n(?:See \S*refleaks\.html)?/gm;

/** Progress bars that overwrite themselves count as the one line that a terminal would show. */
function lastLines(log: string, count: number): string {
  const shown = log.replaceAll("\r\n", "\n").replace(/^[^\n]*\r(?=[^\n])/gm, "");
  return shown.replace(NANOBIND_REPORT, "").trimEnd().split("\n").slice(-count).join("\n");
}
