import type { RequestSamples } from "../document/cell.ts";
import type { Slo } from "../document/slo.ts";
import { summarize } from "../metrics/distribution.ts";
import type { Metrics } from "../metrics/metric.ts";
import { present } from "../present.ts";
import type { Span } from "./in-flight.ts";
import { tokenGaps } from "./token-events.ts";

/** Latencies of one request that ended well, in ms; no TPOT for a single token. */
interface Latencies {
  ttft: number;
  e2el: number;
  queue: number;
  tpot: number | undefined;
}

/** Positions of the requests that ended well. */
export function goodRequests({ errors }: RequestSamples): number[] {
  return errors.flatMap((error, index) => (error === null ? [index] : []));
}

/**
 * Distributions over the given requests, by the definitions of `vllm bench serve` (calculate_metrics in
 * vllm/benchmarks/serve.py, vLLM 0.32): gaps are pooled over requests, everything else is one value a request.
 */
export function latencyMetrics(samples: RequestSamples, indices: readonly number[]): Metrics {
  const latencies = indices.map((index) => latenciesOf(samples, index));
  const hasWaited = latencies.some(({ queue }) => queue > 0);
  const { chunkTokens, gapsMs } = samples;
  return present({
    ttft_ms: summarize(latencies.map(({ ttft }) => ttft)),
    tpot_ms: summarize(latencies.flatMap(({ tpot }) => tpot ?? [])),
    itl_ms: summarize(indices.flatMap((index) => gapsMs[index]!)),
    itl_token_ms: chunkTokens && summarize(indices.flatMap((index) => tokenGaps(gapsMs[index]!, chunkTokens[index]!))),
    e2el_ms: summarize(latencies.map(({ e2el }) => e2el)),
    client_queue_ms: summarize(latencies.map(({ queue }) => queue)),
    ttft_with_queue_ms: hasWaited ? summarize(latencies.map(({ ttft, queue }) => ttft + queue)) : undefined,
    e2el_with_queue_ms: hasWaited ? summarize(latencies.map(({ e2el, queue }) => e2el + queue)) : undefined,
  });
}

/** Whether a request kept every limit. As in vLLM a single token meets every TPOT limit; it has no gap either. */
export function isWithin(samples: RequestSamples, index: number, slos: readonly Slo[]): boolean {
  const { ttft, tpot = 0, e2el } = latenciesOf(samples, index);
  const largestGap = samples.gapsMs[index]!.reduce((largest, gap) => Math.max(largest, gap), 0);
  const values = { ttft_ms: ttft, tpot_ms: tpot, itl_ms: largestGap, e2el_ms: e2el };
  return slos.every(({ metric, limitMs }) => values[metric] <= limitMs);
}

export function spanOf(samples: RequestSamples, index: number): Span {
  return { from: time(samples.sentMs, index, "sent"), to: time(samples.lastTokenMs, index, "last token") };
}

function latenciesOf(samples: RequestSamples, index: number): Latencies {
  const { from: sent, to: last } = spanOf(samples, index);
  const first = time(samples.firstTokenMs, index, "first token");
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
