import { expect, test } from "vitest";
import { servingMetrics } from "../../../src/formats/vllm/keys.ts";

test("vLLM's keys become our metrics, and what was not measured is left out", () => {
  const keys = { request_throughput: 5, p99_ttft_ms: 9, median_ttft_ms: 4, std_itl_ms: null, mean_tpot_ms: undefined };
  expect(servingMetrics(keys, "r")).toEqual({ request_throughput_req_s: 5, ttft_ms: { p99: 9, p50: 4 } });
});

test("the median and p50 are one number, and no two", () => {
  expect(servingMetrics({ median_ttft_ms: 4, p50_ttft_ms: 4 }, "r")).toEqual({ ttft_ms: { p50: 4 } });
  expect(() => servingMetrics({ median_ttft_ms: 4, p50_ttft_ms: 5 }, "r")).toThrow(
    "r: p50_ttft_ms is 5, but the other of median and p50 is 4",
  );
});

test("another key is refused by name", () =>
  expect(() => servingMetrics({ mean_foo_ms: 1 }, "r")).toThrow(
    "r: “mean_foo_ms” is not a metric that can be imported",
  ));
