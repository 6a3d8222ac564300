import type { Distribution } from "../../../result/metrics/distribution.ts";
import type { Metrics } from "../../../result/metrics/metric.ts";
import type { Numbers } from "./stdout-numbers.ts";

/*
 * One number has had several names in ISO-Bench's result files. Here each becomes the metric that pitwall measures; what no
 * benchmark can have measured (null, 0, less, no number) is absent.
 */

const SCALARS = {
  output_throughput_tok_s: [
    "output_token_throughput_tok_s",
    "output_throughput_tok_s",
    "throughput_tok_s",
    "output_throughput",
  ],
  request_throughput_req_s: ["request_throughput_req_s", "throughput_req_s", "request_throughput"],
  total_token_throughput_tok_s: ["total_token_throughput_tok_s", "total_throughput_tok_s", "total_token_throughput"],
  completed: ["successful_requests", "completed"],
  duration_s: ["benchmark_duration_s"],
} as const satisfies { [N in keyof Metrics]?: readonly string[] };

const TIMES = ["ttft", "tpot", "itl", "e2el"] as const;
const STATISTICS = { mean: "mean", median: "p50", p99: "p99" } as const;
/** Names of a mean batch latency, and how many of them make a second. */
const BATCH = { latency_avg_s: 1, avg_latency: 1, latency_avg_ms: 1000, mean_latency_ms: 1000 } as const;

/** The metrics of numbers in any spelling. */
export function metricsOf(numbers: Readonly<Record<string, unknown>>): Metrics {
  const metrics: Record<string, number | Distribution> = {};
  for (const [metric, names] of Object.entries(SCALARS)) {
    const value = firstOf(numbers, names);
    if (value !== undefined) metrics[metric] = value;
  }
  for (const time of TIMES) {
    const distribution = distributionOf(numbers, time);
    if (distribution !== undefined) metrics[`${time}_ms`] = distribution;
  }
  for (const [name, inSecond] of Object.entries(BATCH)) {
    const value = firstOf(numbers, [name]);
    if (value !== undefined) metrics.latency_s ??= { mean: value / inSecond };
  }
  return metrics;
}

function distributionOf(numbers: Readonly<Record<string, unknown>>, time: string): Distribution | undefined {
  const entries = Object.entries(STATISTICS).flatMap(([word, statistic]) => {
    const value = firstOf(numbers, [`${word}_${time}_ms`, `${time}_${word}_ms`, `${time}_${word}`]);
    return value === undefined ? [] : [[statistic, value] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function firstOf(numbers: Readonly<Record<string, unknown>>, names: readonly string[]): number | undefined {
  return names.map((name) => numbers[name]).find((value) => typeof value === "number" && value > 0) as
    | number
    | undefined;
}

/** A file's own metrics, and what is missing there as the benchmark printed it. */
export function filledUp(own: Metrics, printed: Numbers): Metrics {
  return { ...metricsOf(printed), ...own };
}
