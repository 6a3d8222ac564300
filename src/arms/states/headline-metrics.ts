import type { RunCell } from "../../result/document/run.ts";
import type { MetricName } from "../../result/metrics/metric.ts";

/** What arms are compared by, of each benchmark: few, for each one more is one more chance of a false alarm. */
export const HEADLINE_METRICS: Partial<Record<RunCell["benchmark"], readonly MetricName[]>> = {
  "serve-benchmark": ["output_throughput_tok_s", "ttft_ms", "tpot_ms", "e2el_ms"],
  "latency-sweep": ["latency_s"],
  "throughput-benchmark": ["total_token_throughput_tok_s"],
  "startup-benchmark": ["startup_s"],
};
