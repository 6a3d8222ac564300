import type { Reason } from "../../src/result/document/reason.ts";
import type { Run, RunCell } from "../../src/result/document/run.ts";
import type { Metrics } from "../../src/result/metrics/metric.ts";
import { sampleRun } from "../support/run-document.ts";

/** A run on the given day of November 2026. */
export function runOn(day: number, cells: RunCell[], changes: Partial<Run> = {}): Run {
  const date = String(day).padStart(2, "0");
  return {
    ...sampleRun,
    id: `202611${date}T064501Z-0000000${day % 10}`,
    startedAt: `2026-11-${date}T06:45:01Z`,
    finishedAt: `2026-11-${date}T07:02:44Z`,
    cells,
    ...changes,
  };
}

const sweepCell = (batchSize: number) => ({
  id: `latency-sweep/in_512_out_128_bs_${batchSize}`,
  benchmark: "latency-sweep" as const,
  params: { batchSize, inputLen: 512, outputLen: 128 },
});

/** A measured size; one number stands for the mean and every percentile. */
export function size(batchSize: number, latency: number | Metrics): RunCell {
  const metrics =
    typeof latency === "number" ? { latency_s: { mean: latency, p50: latency, p90: latency, p99: latency } } : latency;
  return { ...sweepCell(batchSize), status: "ok", metrics };
}

export function failedSize(batchSize: number, reason: Reason = "out_of_memory"): RunCell {
  return { ...sweepCell(batchSize), status: "failed", reason, detail: "said the engine" };
}

export function pair(inputLen: number, params: RunCell["params"], metrics: Metrics): RunCell {
  const load = Object.entries(params).map(([name, value]) => `${name}_${value}`);
  return {
    id: `serve-benchmark/in_${inputLen}_out_100_${load.join("_")}`,
    benchmark: "serve-benchmark",
    params: { inputLen, outputLen: 100, ...params },
    status: "ok",
    metrics,
  };
}

export function start(cache: "cold" | "warm", seconds: number): RunCell {
  return {
    ...{ id: `startup-benchmark/${cache}`, benchmark: "startup-benchmark", params: { cache, iterations: 3 } },
    ...{ status: "ok", metrics: { startup_s: { count: 3, mean: seconds, p50: seconds } } },
  };
}
