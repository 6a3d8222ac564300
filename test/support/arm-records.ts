import type { Arm } from "../../src/arms/arm.ts";
import type { LiveComparison } from "../../src/arms/live-comparison.ts";
import type { ArmRecord } from "../../src/arms/states/arm-record.ts";
import type { Run, RunCell } from "../../src/result/document/run.ts";
import type { Metrics } from "../../src/result/metrics/metric.ts";
import { sampleRun } from "./run-document.ts";

export const CELL = "serve-benchmark/in_16_out_16_rate_10";
export const PLANS = [{ id: CELL, benchmark: "serve-benchmark" as const }];

interface Numbers {
  /** Output tokens a second. */
  throughput?: number;
  ttft?: number;
  tpot?: number;
  /** Seconds from the first request to the last answer; of 10 requests at 10 a second it is 1 and an answer's time at least. */
  duration?: number;
}

const distribution = (p50: number) => ({ count: 10, mean: p50, p50 });

export function servingCell({ throughput = 100, ttft = 20, tpot = 5, duration = 3 }: Numbers): RunCell {
  const metrics: Metrics = {
    output_throughput_tok_s: throughput,
    ttft_ms: distribution(ttft),
    tpot_ms: distribution(tpot),
    e2el_ms: distribution(100),
    completed: 10,
    duration_s: duration,
  };
  return { id: CELL, benchmark: "serve-benchmark", params: { requestRate: 10 }, status: "ok", metrics };
}

/** An arm with two measurements in each of so many blocks, in which its numbers are off by up to half a per mille. */
export function armRecord(
  arm: Partial<Arm>,
  numbers: Numbers = {},
  { blocks = 6, run = {} as Partial<Run> } = {},
): ArmRecord {
  const measured = Array.from({ length: 2 * blocks }, (_, index) => {
    const off = 1 + 0.0005 * ((((index * (arm.name === "base" ? 7 : 3)) % 5) - 2) / 2);
    const { throughput = 100, ttft = 20, tpot = 5 } = numbers;
    const own = { ...numbers, throughput: throughput * off, ttft: ttft * off, tpot: tpot * off };
    return {
      ...{ block: 1 + Math.floor(index / 2), at: 60 * index, maxModelLen: 4096 },
      run: { ...sampleRun, cells: [servingCell(own)], ...run },
    };
  });
  return { arm: { name: "base", engine: "vllm", engineArgs: [], ...arm }, measured, gaps: new Map() };
}

const place = { cell: "latency-sweep/in_8_out_4_bs_1", metric: "latency_s" };
const failure = { reason: "patch_failed", detail: "it does not apply cleanly", whose: "patch" } as const;

/** One arm that won, one that was never measured, the base once more, and all that can be said besides. */
export const liveComparison: LiveComparison = {
  ...{ schema: "pitwall.comparison/1", startedAt: "2026-11-22T06:45:01.000Z", finishedAt: "2026-11-22T06:55:01.000Z" },
  ...{ end: "decided", blocks: 4, margin: 0.02 },
  arms: [
    { name: "base", measurements: 8 },
    { name: "fast", measurements: 8 },
    { name: "broken", measurements: 0, failure },
    { name: "null", measurements: 8 },
  ],
  comparisons: [
    { ...place, arm: "fast", ratio: 0.9, low: 0.88, high: 0.92, state: "wins", blocks: 4 },
    { ...place, arm: "broken", state: "arm_failed", blocks: 0, detail: "patch_failed: it does not apply cleanly" },
    { ...place, arm: "null", ratio: 1.001, low: 0.995, high: 1.007, state: "ties", blocks: 4 },
  ],
  quiet: { quiet: false, waitedSeconds: 90, problems: ["the load is 0.80 a core"] },
  clocks: { problem: "there is no nvidia-smi, which could lock clocks" },
  nullArm: { comparisons: 1, falseAlarms: 0 },
  shrunk: { arm: "fast", from: 4096, to: 2048 },
  time: {
    ...{ totalSeconds: 600, engineStartSeconds: 120, warmupSeconds: 60, measuredSeconds: 300 },
    ...{ keptSeconds: 0, waitedSeconds: 90 },
  },
};
