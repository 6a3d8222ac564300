import type { LoadNumbers } from "../../prometheus/numbers/ci-performance.ts";
import type { SourceFile } from "../imported-run.ts";
import { checkColumns, countIn, numberIn, readCsv } from "../table.ts";

/** A line of vllm_cibench's file of loads. */
export interface PerfRow extends LoadNumbers {
  /** FILE:LINE */
  place: string;
  concurrency: number;
  inputLen: number;
  outputLen: number;
}

const REQUIRED = ["concurrency", "input_len", "output_len", "latency_p50_ms", "throughput_rps"] as const;
const OPTIONAL = ["latency_p95_ms", "latency_p99_ms"] as const;

/** What its tool `metrics_rename` makes of the names, for Prometheus. */
export const RENAMED: Readonly<Record<string, string>> = {
  latency_p50_ms: "latency_p50_milliseconds",
  latency_p95_ms: "latency_p95_milliseconds",
  latency_p99_ms: "latency_p99_milliseconds",
  throughput_rps: "throughput_requests_per_second",
};
const ORIGINAL = Object.fromEntries(Object.entries(RENAMED).map(([before, after]) => [after, before]));

/**
 * The loads of a file `concurrency,input_len,output_len,latency_p50_ms,throughput_rps[,latency_p95_ms,latency_p99_ms]`, by
 * these names or the renamed ones. −1 and nothing are what was not measured.
 * @throws UserError naming file and line
 */
export function readPerfTable(file: SourceFile): PerfRow[] {
  const table = readCsv(file, ORIGINAL);
  checkColumns(table, file.name, REQUIRED, [...REQUIRED, ...OPTIONAL]);
  return table.rows.map((row) => ({
    place: row.place,
    concurrency: countIn(row, "concurrency"),
    inputLen: countIn(row, "input_len"),
    outputLen: countIn(row, "output_len"),
    throughputRps: numberIn(row, "throughput_rps"),
    latencyP50Ms: numberIn(row, "latency_p50_ms"),
    latencyP95Ms: numberIn(row, "latency_p95_ms"),
    latencyP99Ms: numberIn(row, "latency_p99_ms"),
  }));
}
