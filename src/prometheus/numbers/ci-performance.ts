import { mean } from "../../result/metrics/distribution.ts";
import type { Family, Labels } from "../exposition.ts";
import type { Measured } from "./run-numbers.ts";

/** One load that was measured; what nobody measured is absent. */
export interface LoadNumbers {
  throughputRps?: number | undefined;
  latencyP50Ms?: number | undefined;
  latencyP95Ms?: number | undefined;
  latencyP99Ms?: number | undefined;
}

const AVERAGES = {
  throughputRps: ["ci_perf_throughput_rps_avg", "Mean request throughput of all loads, in requests a second."],
  latencyP50Ms: ["ci_perf_latency_p50_ms_avg", "Mean of the loads' median end-to-end latencies, in milliseconds."],
  latencyP95Ms: ["ci_perf_latency_p95_ms_avg", "Mean of the loads' 95th percentiles of end-to-end latency, in ms."],
  latencyP99Ms: ["ci_perf_latency_p99_ms_avg", "Mean of the loads' 99th percentiles of end-to-end latency, in ms."],
} as const satisfies Record<keyof LoadNumbers, readonly [name: string, help: string]>;

/** The headline numbers of vllm_cibench: each the mean over the loads that have it; absent where none has. */
export function performanceFamilies(loads: readonly LoadNumbers[], labels: Labels = {}): Family[] {
  return Object.entries(AVERAGES).flatMap(([key, [name, help]]) => {
    const values = loads.flatMap((load) => load[key as keyof LoadNumbers] ?? []);
    return values.length === 0 ? [] : [{ name, help, samples: [{ labels, value: mean(values) }] }];
  });
}

/** The loads among cells: those of serving. */
export function loadsOf(cells: readonly Measured[]): LoadNumbers[] {
  return cells
    .filter(({ cell }) => cell.benchmark === "serve-benchmark")
    .map(({ cell: { metrics } }) => ({
      throughputRps: metrics.request_throughput_req_s,
      latencyP50Ms: metrics.e2el_ms?.p50,
      latencyP95Ms: metrics.e2el_ms?.p95,
      latencyP99Ms: metrics.e2el_ms?.p99,
    }));
}
