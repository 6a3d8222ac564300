import { once } from "node:events";
import { closeSync, openSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { stopGroup } from "../../src/machine/process.ts";
import { startGroup } from "./groups.ts";
import { endedChildrenCpuSeconds, monotonicMs, type Sample, sampleSession } from "./measure-cpu.ts";
import type { Command } from "./peers/peer.ts";
import { pinned } from "./pinning.ts";

export interface ToolRun {
  startedMs: number;
  endedMs: number;
  /** CPU time of all its processes, start to end. */
  cpuSeconds: number;
  samples: Sample[];
  /** How it ended when not well, with its last words. A tool may have measured everything all the same. */
  failure: string | null;
}

const CORE = 1;
const LAST_WORDS = 500;

/** Runs a load generator to its end, or stops it when it takes too long. No other child may end meanwhile. */
export async function runTool(
  { program, args, env }: Command,
  { onOneCore, logFile, timeoutSeconds }: { onOneCore: boolean; logFile: string; timeoutSeconds: number },
): Promise<ToolRun> {
  const command = onOneCore ? pinned(CORE, [program, ...args]) : [program, ...args];
  const log = openSync(logFile, "w");
  const before = endedChildrenCpuSeconds();
  const startedMs = monotonicMs();
  const child = startGroup(command, { env: { ...process.env, ...env }, stdio: ["ignore", log, log] });
  const sampler = sampleSession(child.pid!);
  const ended = once(child, "exit").then(([code, signal]) => String(code ?? signal));
  const overdue = new AbortController();
  const late = sleep(timeoutSeconds * 1000, "late", { signal: overdue.signal }).catch(() => "");
  const how = await Promise.race([ended, late]);
  if (how === "late") await stopGroup(child.pid!, 5).then(() => ended);
  const endedMs = monotonicMs();
  overdue.abort();
  sampler.stop();
  closeSync(log);
  const cpuSeconds = endedChildrenCpuSeconds() - before;
  const failure =
    how === "0" ? null : `${reason(how, timeoutSeconds)}: ${readFileSync(logFile, "utf8").slice(-LAST_WORDS)}`;
  return { startedMs, endedMs, cpuSeconds, samples: sampler.samples, failure };
}

const reason = (how: string, timeoutSeconds: number) =>
  how === "late" ? `it was stopped after ${timeoutSeconds} s` : `it ended with ${how}`;
