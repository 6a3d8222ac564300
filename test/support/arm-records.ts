import type { Arm } from "../../src/arms/arm.ts";
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
