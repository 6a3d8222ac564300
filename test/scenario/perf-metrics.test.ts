import { expect, test } from "vitest";
import type { RunCell } from "../../src/result/document/run.ts";
import { perfMetrics } from "../../src/scenario/perf-metrics.ts";

const cell = (concurrency: number, rest: object): RunCell =>
  ({
    id: `serve-benchmark/in_128_out_64_concurrency_${concurrency}`,
    benchmark: "serve-benchmark",
    params: { concurrency, inputLen: 128, outputLen: 64 },
    ...rest,
  }) as unknown as RunCell;
const ok = (throughput: number, p50: number) => ({
  status: "ok",
  metrics: {
    completed: 16,
    failed: 0,
    request_throughput_req_s: throughput,
    e2el_ms: { count: 16, mean: p50, std: 1, p50 },
  },
});
const failed = { status: "failed", reason: "incomplete_requests", detail: "", completed: 12, failed: 4 };

test("averages are of the combinations that have the number, and what nobody knows is absent", () => {
  const cells = [cell(1, ok(10, 100)), cell(2, ok(20, 200)), cell(4, failed)];
  expect(perfMetrics({ cells, simulated: false })).toEqual({
    ci_perf_throughput_rps_avg: 15,
    ci_perf_latency_p50_ms_avg: 150,
    records: [
      { concurrency: 1, input_len: 128, output_len: 64, throughput_rps: 10, latency_p50_ms: 100, fail_rate: 0 },
      { concurrency: 2, input_len: 128, output_len: 64, throughput_rps: 20, latency_p50_ms: 200, fail_rate: 0 },
      { concurrency: 4, input_len: 128, output_len: 64, fail_rate: 0.25 },
    ],
    mode: "real",
  });
});

test("without a number there is no average", () => {
  expect(perfMetrics({ cells: [cell(4, failed)], simulated: true })).toEqual({
    records: [{ concurrency: 4, input_len: 128, output_len: 64, fail_rate: 0.25 }],
    mode: "simulated",
  });
});
