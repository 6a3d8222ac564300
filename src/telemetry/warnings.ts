import type { ComputeApp } from "../machine/gpu/compute-apps.ts";
import type { EngineTelemetry, GpuTelemetry } from "../result/document/telemetry.ts";
import { isSetting } from "./gpu/nvidia/throttling.ts";
import type { GpuSummary } from "./gpu/summary.ts";

/** Any sample counts: one that was slowed down makes the cell's tail slower, and the share says how much it matters. */
export function throttlingWarning({ gpu, throttled }: GpuSummary): string | undefined {
  const slowed = throttled.filter(({ reason }) => !isSetting(reason));
  if (slowed.length === 0) return undefined;
  const reasons = slowed.map(({ reason, samples }) => `${reason} (${samples} of ${gpu.samples} samples)`);
  return `The GPU lowered its clocks: ${reasons.join(", ")}.`;
}

export function strangersWarning(strangers: readonly ComputeApp[]): string | undefined {
  if (strangers.length === 0) return undefined;
  const names = strangers.map(({ pid, program }) => `pid ${pid} (${program})`).join(", ");
  return strangers.length === 1
    ? `Another process uses the engine's GPU: ${names}.`
    : `Other processes use the engine's GPUs: ${names}.`;
}

export function preemptionWarning(engine: EngineTelemetry | undefined): string | undefined {
  const count = engine?.preemptions ?? 0;
  if (count === 0) return undefined;
  const sequences = count === 1 ? "a sequence" : `sequences ${count} times`;
  return `The engine preempted ${sequences}: its key-value cache is too small for this load, and it computed tokens anew.`;
}

export function faultWarning(tool: GpuTelemetry["tool"], fault: string): string {
  return `There is no GPU telemetry, because ${tool} ${fault.replace(/\.$/, "")}.`;
}
