import { type LoadNumbers, performanceFamilies } from "../prometheus/numbers/ci-performance.ts";
import type { Run, RunCell } from "../result/document/run.ts";
import { present } from "../result/present.ts";

/** A combination of concurrency and lengths, as vllm_cibench's records name its numbers; what is not known is absent. */
interface PerfRecord {
  concurrency: number;
  input_len: number;
  output_len: number;
  throughput_rps?: number;
  latency_p50_ms?: number;
  latency_p95_ms?: number;
  latency_p99_ms?: number;
  /** Requests that failed ÷ all of them. */
  fail_rate?: number;
}

/** Averages over the combinations that have the number. */
export interface PerfMetrics {
  ci_perf_throughput_rps_avg?: number;
  ci_perf_latency_p50_ms_avg?: number;
  ci_perf_latency_p95_ms_avg?: number;
  ci_perf_latency_p99_ms_avg?: number;
  records: PerfRecord[];
  mode: "real" | "simulated";
}

/** The serving cells of a run in the words of vllm_cibench; a cell without numbers is a record without them. */
export function perfMetrics(run: Pick<Run, "cells" | "simulated">): PerfMetrics {
  const mode: PerfMetrics["mode"] = run.simulated ? "simulated" : "real";
  const records = run.cells.filter(({ benchmark }) => benchmark === "serve-benchmark").map(recordOf);
  const averages = performanceFamilies(records.map(loadOf)).map(({ name, samples }) => [name, samples[0]!.value]);
  return { ...Object.fromEntries(averages), records, mode };
}

const loadOf = (record: PerfRecord): LoadNumbers => ({
  throughputRps: record.throughput_rps,
  latencyP50Ms: record.latency_p50_ms,
  latencyP95Ms: record.latency_p95_ms,
  latencyP99Ms: record.latency_p99_ms,
});

function recordOf(cell: RunCell): PerfRecord {
  const { concurrency, inputLen, outputLen } = cell.params;
  const load = {
    concurrency: Number(concurrency),
    input_len: Number(inputLen),
    output_len: Number(outputLen),
  };
  if (cell.status !== "ok") return present({ ...load, fail_rate: failRateOf(cell) });
  const { request_throughput_req_s, e2el_ms } = cell.metrics;
  return present({
    ...load,
    throughput_rps: request_throughput_req_s,
    latency_p50_ms: e2el_ms?.p50,
    latency_p95_ms: e2el_ms?.p95,
    latency_p99_ms: e2el_ms?.p99,
    fail_rate: failRateOf(cell),
  });
}

/** Requests that failed ÷ all of them; undefined where nobody counted. */
export function failRateOf(cell: RunCell): number | undefined {
  if (cell.status === "skipped") return undefined;
  const { completed, failed } = cell.status === "ok" ? cell.metrics : cell;
  if (completed === undefined || failed === undefined || completed + failed === 0) return undefined;
  return failed / (completed + failed);
}
