import type { Run, RunCell } from "../../src/result/document/run.ts";
import { sampleRun } from "../support/run-document.ts";

const cellAt = (concurrency: number, params: object = {}) => ({
  id: `serve-benchmark/in_128_out_256_concurrency_${concurrency}`,
  benchmark: "serve-benchmark" as const,
  params: { inputLen: 128, outputLen: 256, concurrency, numPrompts: 64, ...params },
});

const measured: RunCell = {
  ...cellAt(1),
  status: "ok",
  metrics: {
    ...{ duration_s: 20.5, request_throughput_req_s: 12.3, output_throughput_tok_s: 3148.8 },
    ...{ total_token_throughput_tok_s: 4723.2, completed: 64, failed: 0 },
    ttft_ms: { mean: 21.25, p75: 22, p90: 23, p95: 24, p99: 25 },
    tpot_ms: { mean: 8, p99: 9.5 },
    e2el_ms: { mean: 2100, p50: 2050, p95: 2300, p99: 2400 },
  },
};
const failed: RunCell = {
  ...cellAt(2),
  ...{ status: "failed", reason: "incomplete_requests", detail: "16 of 64 requests failed", completed: 48, failed: 16 },
};
const throughputOnly: RunCell = { ...cellAt(4), status: "ok", metrics: { request_throughput_req_s: 20 } };

/** A run with a load that has all numbers, one that failed, and one that has a throughput alone. */
export const concurrencyRun: Run = { ...sampleRun, cells: [measured, failed, throughputOnly] };
