import { addToRounds, type GpuRound } from "../../src/machine/gpu/reading.ts";
import type { Telemetry } from "../../src/result/document/telemetry.ts";
import { summarizeEngine } from "../../src/telemetry/engine/summary.ts";
import { nvidiaLine } from "../../src/telemetry/gpu/nvidia/nvidia-smi.ts";
import { summarizeGpus } from "../../src/telemetry/gpu/summary.ts";
import { throttlingWarning } from "../../src/telemetry/warnings.ts";

const uuidOf = (index: number) => `GPU-8932f937-d72c-4106-c12f-20bd9faed9f${index}`;

export const GPUS = Array.from({ length: 8 }, (_, index) => ({
  name: "NVIDIA H100 80GB HBM3",
  uuidHash: `0123456789abcde${index}`,
  memoryMib: 81_559,
  powerLimitW: 700,
  maxClockMhz: 1980,
  mig: false,
}));

const FIELDS = [
  ...["index", "uuid", "power.draw", "clocks.sm", "temperature.gpu", "memory.used", "mig.mode.current"],
  "clocks_event_reasons.active",
];

/** What eight GPUs under load and a vLLM say in so many seconds; one GPU meets its power cap now and then. */
export function gpuTelemetry(seconds: number, noise: () => number): Telemetry {
  const window = { fromMs: 300, toMs: seconds * 1000 + 400 };
  const rounds: GpuRound[] = [];
  for (let second = 0; second < seconds; second++) {
    for (const index of GPUS.keys()) {
      const told = nvidiaLine(FIELDS, lineOf(index, noise()));
      if (told.kind === "reading") addToRounds(rounds, told.reading, second * 1000 + index);
    }
  }
  const summary = summarizeGpus("nvidia-smi", rounds, window)!;
  const reads = Array.from({ length: seconds }, (_, second) => ({
    atMs: second * 1000 + 20,
    reading: {
      running: Math.round(30 * noise()),
      waiting: second % 5,
      kvCacheUsage: 0.1937465 * noise(),
      preemptions: 0,
      prefixCacheQueryTokens: second * 4711,
      prefixCacheHitTokens: second * 16,
    },
  }));
  const warning = throttlingWarning(summary);
  return {
    engine: summarizeEngine(reads, window)!,
    gpu: summary.gpu,
    warnings: warning === undefined ? [] : [warning],
  };
}

/** A row of nvidia-smi's csv,noheader,nounits. */
function lineOf(index: number, factor: number): string {
  const isCapped = index === 3 && factor > 1.045;
  const [power, clock, reasons] = [(520 * factor).toFixed(2), isCapped ? 1755 : 1980, isCapped ? "0x4" : "0x0"];
  const [temperature, memory] = [Math.round(58 * factor), 70_123 + index];
  return [index, uuidOf(index), power, clock, temperature, memory, "Disabled", reasons].join(", ");
}
