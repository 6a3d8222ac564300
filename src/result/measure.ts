import type { Measurement, RequestSamples } from "./cell.ts";
import { type Distribution, summarize } from "./distribution.ts";
import type { Metrics } from "./metric.ts";

/** Limits in ms that a request must keep to count as good. */
interface Slos {
  ttftMs?: number;
  tpotMs?: number;
  e2elMs?: number;
}

export interface MetricOptions {
  /** Price of the machine an hour, in any currency. */
  pricePerHour?: number | undefined;
  slos?: Slos | undefined;
}

/** Metrics of one measurement by the registry's definitions; whatever has no sample is absent. */
export function metricsOf(measurement: Measurement, { pricePerHour, slos }: MetricOptions = {}): Metrics {
  switch (measurement.kind) {
    case "iterations":
      return present({ latency_s: summarize(measurement.latenciesS) });
    case "requests":
      return withDerived(servingMetrics(measurement.requests, slos), pricePerHour);
    case "reported":
      return withDerived(measurement.metrics, pricePerHour);
    default:
      return measurement satisfies never;
  }
}

/** Latencies of one request that ended well, in ms; no TPOT for a single token. */
interface Latencies {
  ttft: number;
  e2el: number;
  queue: number;
  tpot: number | undefined;
}

/**
 * Definitions of `vllm bench serve` (calculate_metrics in vllm/benchmarks/serve.py, vLLM 0.32): only requests that ended
 * well are counted, gaps are pooled over requests, throughputs are over the whole duration, drain included.
 */
function servingMetrics(samples: RequestSamples, slos: Slos | undefined): Metrics {
  const good = samples.errors.flatMap((error, index) => (error === null ? [index] : []));
  const counts = { duration_s: samples.durationS, completed: good.length, failed: samples.errors.length - good.length };
  if (good.length === 0) return counts;
  const latencies = good.map((index) => latenciesOf(samples, index));
  const outputTokens = sum(good.map((index) => samples.outputTokens[index]!));
  const inputTokens = sum(good.map((index) => samples.inputTokens[index]!));
  return present({
    ...counts,
    ttft_ms: summarize(latencies.map(({ ttft }) => ttft)),
    tpot_ms: summarize(latencies.flatMap(({ tpot }) => tpot ?? [])),
    itl_ms: summarize(good.flatMap((index) => samples.gapsMs[index]!)),
    e2el_ms: summarize(latencies.map(({ e2el }) => e2el)),
    client_queue_ms: summarize(latencies.map(({ queue }) => queue)),
    request_throughput_req_s: good.length / samples.durationS,
    output_throughput_tok_s: outputTokens / samples.durationS,
    total_token_throughput_tok_s: (inputTokens + outputTokens) / samples.durationS,
    request_goodput_req_s: slos && latencies.filter((request) => meets(request, slos)).length / samples.durationS,
  });
}

function latenciesOf(samples: RequestSamples, index: number): Latencies {
  const sent = time(samples.sentMs, index, "sent");
  const first = time(samples.firstTokenMs, index, "first token");
  const last = time(samples.lastTokenMs, index, "last token");
  const outputTokens = samples.outputTokens[index]!;
  return {
    ttft: first - sent,
    e2el: last - sent,
    queue: sent - samples.scheduledMs[index]!,
    tpot: outputTokens > 1 ? (last - first) / (outputTokens - 1) : undefined,
  };
}

function time(column: readonly (number | null)[], index: number, what: string): number {
  const value = column[index];
  if (value === null || value === undefined)
    throw new RangeError(`request ${index} ended well but has no ${what} time`);
  return value;
}

/** A single token meets every TPOT limit, as in vLLM. */
function meets({ ttft, tpot = 0, e2el }: Latencies, { ttftMs, tpotMs, e2elMs }: Slos): boolean {
  return ttft <= (ttftMs ?? Infinity) && tpot <= (tpotMs ?? Infinity) && e2el <= (e2elMs ?? Infinity);
}

function withDerived(metrics: Metrics, pricePerHour: number | undefined): Metrics {
  const tpot = metrics.tpot_ms?.mean;
  const throughput = metrics.total_token_throughput_tok_s;
  return present({
    ...metrics,
    tokens_per_s_user: tpot ? 1000 / tpot : undefined,
    cost_per_million_tokens: throughput && pricePerHour ? (pricePerHour * 1e6) / (throughput * 3600) : undefined,
  });
}

type Loose = { [N in keyof Metrics]: Distribution | number | undefined };

function present(metrics: Loose): Metrics {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => value !== undefined)) as Metrics;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
