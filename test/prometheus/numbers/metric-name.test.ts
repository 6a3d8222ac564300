import { describe, expect, test } from "vitest";
import { exposedName } from "../../../src/prometheus/numbers/metric-name.ts";
import { METRIC_NAMES, METRICS } from "../../../src/result/metrics/metric.ts";

describe("a number's name in Prometheus", () => {
  test.each([
    ["ttft_ms", "p99", { name: "pitwall_ttft_seconds", quantile: "0.99", divisor: 1000 }],
    ["ttft_ms", "p99.9", { name: "pitwall_ttft_seconds", quantile: "0.999", divisor: 1000 }],
    ["latency_s", "p50", { name: "pitwall_latency_seconds", quantile: "0.5", divisor: 1 }],
    ["latency_s", "mean", { name: "pitwall_latency_mean_seconds", divisor: 1 }],
    ["latency_s", "std", { name: "pitwall_latency_stddev_seconds", divisor: 1 }],
    ["ttft_ms", "count", { name: "pitwall_ttft_samples", divisor: 1 }],
    ["request_throughput_req_s", "value", { name: "pitwall_request_throughput_requests_per_second", divisor: 1 }],
    ["output_throughput_tok_s", "value", { name: "pitwall_output_throughput_tokens_per_second", divisor: 1 }],
    ["max_output_tokens_per_s", "value", { name: "pitwall_max_output_tokens_per_second", divisor: 1 }],
    ["tokens_per_s_user", "value", { name: "pitwall_tokens_per_s_user", divisor: 1 }],
    ["input_tokens", "p90", { name: "pitwall_input_tokens", quantile: "0.9", divisor: 1 }],
    ["completed", "value", { name: "pitwall_completed", divisor: 1 }],
  ] as const)("%s %s", (metric, statistic, name) => expect(exposedName("pitwall", metric, statistic)).toEqual(name));

  test("is one of its own for each metric, with no unit but a base unit", () => {
    const names = METRIC_NAMES.map((metric) => {
      const statistic = METRICS[metric].kind === "distribution" ? "p50" : "value";
      return exposedName("pitwall", metric, statistic).name;
    });
    expect(new Set(names).size).toBe(METRIC_NAMES.length);
    expect(names.filter((name) => /_(ms|s|req|tok|j)(_s)?$/.test(name))).toEqual([]);
  });
});
