import { z } from "zod";
import { Distribution } from "./distribution.ts";
import { START_METRICS } from "./start-metrics.ts";

interface MetricBase {
  label: string;
  unit: string;
  better: "lower" | "higher" | "neither";
  /** Relative change below which a difference is never called one; the floor under the measured noise. */
  tolerance: number;
  description: string;
}
export type Metric = MetricBase & { kind: "distribution" | "scalar" };

/**
 * Every metric a cell may hold, by name; the unit is in the name.
 * Definitions follow `vllm bench serve`, so that numbers can be compared with its files: see docs/metrics.md.
 */
export const METRICS = {
  latency_s: {
    kind: "distribution",
    label: "Batch latency",
    unit: "s",
    better: "lower",
    tolerance: 0.05,
    description: "Wall time of one whole batch: prefill, decode and detokenising.",
  },
  ttft_ms: {
    kind: "distribution",
    label: "Time to first token",
    unit: "ms",
    better: "lower",
    tolerance: 0.1,
    description: "First token event minus the moment the request was sent.",
  },
  tpot_ms: {
    kind: "distribution",
    label: "Time per output token",
    unit: "ms",
    better: "lower",
    tolerance: 0.05,
    description: "(last token − first token) ÷ (output tokens − 1) of a request; requests with one token have none.",
  },
  itl_ms: {
    kind: "distribution",
    label: "Inter-token latency",
    unit: "ms",
    better: "lower",
    tolerance: 0.05,
    description: "Gaps between consecutive token events of a request, pooled over all requests.",
  },
  itl_token_ms: {
    kind: "distribution",
    label: "Inter-token latency, per token",
    unit: "ms",
    better: "lower",
    tolerance: 0.05,
    description: "An event's gap ÷ its tokens, once for each of them; only where events hold more than one token.",
  },
  e2el_ms: {
    kind: "distribution",
    label: "End-to-end latency",
    unit: "ms",
    better: "lower",
    tolerance: 0.05,
    description: "Last token event minus the moment the request was sent.",
  },
  client_queue_ms: {
    kind: "distribution",
    label: "Client queue time",
    unit: "ms",
    better: "lower",
    tolerance: 0.5,
    description: "Moment sent minus moment scheduled: waiting that the latencies above leave out.",
  },
  ttft_with_queue_ms: {
    kind: "distribution",
    label: "Time to first token, with client queue",
    unit: "ms",
    better: "lower",
    tolerance: 0.1,
    description: "First token event minus the moment scheduled: free of coordinated omission. Absent when none waited.",
  },
  e2el_with_queue_ms: {
    kind: "distribution",
    label: "End-to-end latency, with client queue",
    unit: "ms",
    better: "lower",
    tolerance: 0.05,
    description: "Last token event minus the moment scheduled: free of coordinated omission. Absent when none waited.",
  },
  duration_s: {
    kind: "scalar",
    label: "Duration",
    unit: "s",
    better: "neither",
    tolerance: 0.05,
    description: "From the start of the schedule to the last settled request, drain included.",
  },
  completed: {
    kind: "scalar",
    label: "Completed requests",
    unit: "requests",
    better: "neither",
    tolerance: 0,
    description: "Requests that ended well: HTTP 200, a proper end, the tokens asked for.",
  },
  failed: {
    kind: "scalar",
    label: "Failed requests",
    unit: "requests",
    better: "lower",
    tolerance: 0,
    description: "Requests that did not.",
  },
  request_throughput_req_s: {
    kind: "scalar",
    label: "Request throughput",
    unit: "req/s",
    better: "higher",
    tolerance: 0.05,
    description: "Completed requests ÷ duration.",
  },
  output_throughput_tok_s: {
    kind: "scalar",
    label: "Output throughput",
    unit: "tok/s",
    better: "higher",
    tolerance: 0.05,
    description: "Output tokens ÷ duration. Ramp and drain included: not the decode speed.",
  },
  total_token_throughput_tok_s: {
    kind: "scalar",
    label: "Total token throughput",
    unit: "tok/s",
    better: "higher",
    tolerance: 0.05,
    description: "(Input + output tokens) ÷ duration.",
  },
  request_goodput_req_s: {
    kind: "scalar",
    label: "Goodput",
    unit: "req/s",
    better: "higher",
    tolerance: 0.05,
    description: "Requests that met every SLO ÷ duration.",
  },
  max_output_tokens_per_s: {
    kind: "scalar",
    label: "Peak output throughput",
    unit: "tok/s",
    better: "higher",
    tolerance: 0.1,
    description: "Output tokens of the fullest second, seconds counted from the first send.",
  },
  max_concurrent_requests: {
    kind: "scalar",
    label: "Peak concurrency",
    unit: "requests",
    better: "neither",
    tolerance: 0.1,
    description: "Most requests in flight at one moment, from the send up to the last token.",
  },
  tokens_per_event: {
    kind: "scalar",
    label: "Tokens per event",
    unit: "tokens",
    better: "neither",
    tolerance: 0.05,
    description: "Output tokens ÷ token events. Absent when it is 1: then a gap between events is one between tokens.",
  },
  tokens_per_s_user: {
    kind: "scalar",
    label: "Tokens per second per user",
    unit: "tok/s",
    better: "higher",
    tolerance: 0.05,
    description: "1000 ÷ mean TPOT in ms.",
  },
  cost_per_million_tokens: {
    kind: "scalar",
    label: "Cost per million tokens",
    unit: "currency",
    better: "lower",
    tolerance: 0.05,
    description: "Price an hour × 1e6 ÷ (total token throughput × 3600), in the currency of the price given.",
  },
  energy_per_output_token_j: {
    kind: "scalar",
    label: "Energy per output token",
    unit: "J",
    better: "lower",
    tolerance: 0.05,
    description: "Energy of the GPUs while the cell was measured ÷ its output tokens.",
  },
  found_rate_req_s: {
    kind: "scalar",
    label: "Highest rate within the objectives",
    unit: "req/s",
    better: "higher",
    tolerance: 0.1,
    description: "Highest request rate that a search found to meet every objective.",
  },
  found_concurrency: {
    kind: "scalar",
    label: "Highest concurrency within the objectives",
    unit: "requests",
    better: "higher",
    tolerance: 0.1,
    description: "Highest concurrency that a search found to meet every objective.",
  },
  ...START_METRICS,
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

type DistributionName = {
  [N in MetricName]: (typeof METRICS)[N]["kind"] extends "distribution" ? N : never;
}[MetricName];
type ScalarName = Exclude<MetricName, DistributionName>;
export type Metrics = { [N in DistributionName]?: Distribution } & { [N in ScalarName]?: number };

const shape = Object.fromEntries(
  METRIC_NAMES.map((name) => {
    const { kind, description } = METRICS[name];
    const schema = kind === "distribution" ? Distribution : z.number();
    return [name, schema.optional().meta({ description })];
  }),
);

/** Metrics of one cell. Missing is absent: never 0, never −1, never null. */
export const Metrics = z.strictObject(shape) as unknown as z.ZodType<Metrics>;

type Loose = { [N in MetricName]?: Metrics[N] | undefined };

/** Without the metrics that have no value. */
export function present(metrics: Loose): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => value !== undefined)) as Metrics;
}
