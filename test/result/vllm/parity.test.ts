import { expect, test } from "vitest";
import { metricsOf } from "../../../src/result/measure/measure.ts";
import type { Metrics } from "../../../src/result/metrics/metric.ts";
import { detailedFile, detailedSamples } from "../../support/vllm-detailed-file.ts";

/*
 * Against vLLM 0.32 itself: from the samples that it kept of a run, our definitions give the summary that it computed
 * of them, key by key.
 */

const samples = detailedSamples();
const metrics = metricsOf({ kind: "requests", requests: samples });
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

const STATISTICS = {
  mean: "mean",
  std: "std",
  median: "p50",
  p25: "p25",
  p50: "p50",
  p75: "p75",
  p90: "p90",
  p99: "p99",
  "p99.9": "p99.9",
} as const;
const latencies = (["ttft", "tpot", "itl", "e2el"] as const).flatMap((metric) =>
  Object.entries(STATISTICS).map(
    ([theirs, ours]) => [`${theirs}_${metric}_ms`, metrics[`${metric}_ms`]?.[ours]] as const,
  ),
);
const SCALARS = {
  duration: "duration_s",
  completed: "completed",
  request_throughput: "request_throughput_req_s",
  output_throughput: "output_throughput_tok_s",
  total_token_throughput: "total_token_throughput_tok_s",
  max_output_tokens_per_s: "max_output_tokens_per_s",
} as const satisfies Record<string, keyof Metrics>;
const scalars = Object.entries(SCALARS).map(([theirs, ours]) => [theirs, metrics[ours]] as const);
const totals = [
  ["total_input_tokens", sum(samples.inputTokens)],
  ["total_output_tokens", sum(samples.outputTokens)],
] as const;

test.each([...latencies, ...scalars, ...totals])("%s", (key, ours) => {
  expect(detailedFile[key]).toBeGreaterThan(0);
  expect(Math.abs(ours! / detailedFile[key] - 1)).toBeLessThan(1e-9);
});

test("every number that it computed is held against ours", () => {
  const compared = new Set<string>([...latencies, ...scalars, ...totals].map(([key]) => key));
  const asked = ["num_prompts", "burstiness", "max_concurrency"];
  const numbers = Object.keys(detailedFile).filter((key) => typeof detailedFile[key] === "number");
  const others = numbers.filter((key) => !compared.has(key) && !asked.includes(key));
  // rtfx is of speech recognition alone.
  expect(others).toEqual(["failed", "max_concurrent_requests", "rtfx"]);
  expect([metrics.failed, detailedFile.failed]).toEqual([0, 0]);
});

test("the peak concurrency is exact, where this version counts every request that a second touches", () => {
  expect([detailedFile.max_concurrency, detailedFile.max_concurrent_requests]).toEqual([4, 40]);
  expect(metrics.max_concurrent_requests).toBe(4);
});
