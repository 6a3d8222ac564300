import type { Measurement, RequestSamples, SingleMeasurement } from "../document/cell.ts";
import type { Slo } from "../document/slo.ts";
import { sum, summarize } from "../metrics/distribution.ts";
import { medianMetrics } from "../metrics/median-metrics.ts";
import type { Metrics } from "../metrics/metric.ts";
import { present } from "../present.ts";
import { mostAtOnce } from "./in-flight.ts";
import { goodRequests, isWithin, latencyMetrics, spanOf } from "./request-latencies.ts";
import { startMetrics } from "./start-summary.ts";
import { fullestSecond, tokensPerEvent } from "./token-events.ts";

export interface MetricOptions {
  /** Price of the machine an hour, in any currency. */
  pricePerHour?: number | undefined;
  /** Limits that a request must keep to count for the goodput. */
  slos?: readonly Slo[] | undefined;
  /** What the GPUs used while this was measured, in joules. */
  energyJ?: number | undefined;
  /** Which lengths nobody could say beforehand, so that they are results themselves. */
  openLengths?: OpenLengths | undefined;
}

interface OpenLengths {
  input: boolean;
  output: boolean;
}

/** Metrics of a measurement by the registry's definitions; whatever has no sample is absent. */
export function metricsOf(measurement: Measurement, options: MetricOptions = {}): Metrics {
  const metrics =
    measurement.kind === "repeated"
      ? medianMetrics(measurement.repeats.map((repeat) => singleMetrics(repeat, options)))
      : singleMetrics(measurement, options);
  const tokens = outputTokensOf(measurement);
  const energy = options.energyJ !== undefined && tokens > 0 ? options.energyJ / tokens : undefined;
  return present({ ...metrics, energy_per_output_token_j: energy });
}

export function singleMetrics(
  measurement: SingleMeasurement,
  { pricePerHour, slos, openLengths }: MetricOptions,
): Metrics {
  switch (measurement.kind) {
    case "iterations":
      return present({ latency_s: summarize(measurement.latenciesS), ...lengthMetrics(measurement, openLengths) });
    case "requests": {
      const { requests } = measurement;
      const lengths = lengthMetrics(requests, openLengths, goodRequests(requests));
      return withDerived({ ...servingMetrics(requests, slos), ...lengths }, pricePerHour);
    }
    case "batch":
      return withDerived({ ...batchMetrics(measurement), ...lengthMetrics(measurement, openLengths) }, pricePerHour);
    case "starts":
      return startMetrics(measurement.starts);
    case "reported":
      return withDerived(measurement.metrics, pricePerHour);
    case "checked":
      return measurement.metrics;
    default:
      return measurement satisfies never;
  }
}

/** @param good places that count; by default all */
function lengthMetrics(
  { inputTokens, outputTokens }: { inputTokens: number[]; outputTokens: number[] },
  { input, output }: OpenLengths = { input: false, output: false },
  good: readonly number[] = [...outputTokens.keys()],
): Metrics {
  const of = (column: readonly number[]) => summarize(good.map((place) => column[place]!));
  return present({
    input_tokens: input ? of(inputTokens) : undefined,
    output_tokens: output ? of(outputTokens) : undefined,
  });
}

/** Only requests that ended well are counted; throughputs are over the whole duration, ramp and drain included. */
function servingMetrics(samples: RequestSamples, slos: readonly Slo[] = []): Metrics {
  const good = goodRequests(samples);
  const { durationS } = samples;
  const counts = { duration_s: durationS, completed: good.length, failed: samples.errors.length - good.length };
  if (good.length === 0) return counts;
  const outputTokens = total(samples.outputTokens, good);
  const perEvent = tokensPerEvent(samples, good);
  const withinLimits = good.filter((index) => isWithin(samples, index, slos));
  return present({
    ...counts,
    ...latencyMetrics(samples, good),
    request_throughput_req_s: good.length / durationS,
    output_throughput_tok_s: outputTokens / durationS,
    total_token_throughput_tok_s: (total(samples.inputTokens, good) + outputTokens) / durationS,
    request_goodput_req_s: slos.length > 0 ? withinLimits.length / durationS : undefined,
    max_output_tokens_per_s: fullestSecond(samples, good),
    max_concurrent_requests: mostAtOnce(good.map((index) => spanOf(samples, index))),
    tokens_per_event: perEvent === 1 ? undefined : perEvent,
  });
}

/** The engine was handed all requests at once: there is one time for all of them, and no latency of a single one. */
function batchMetrics({
  durationS,
  inputTokens,
  outputTokens,
}: Extract<SingleMeasurement, { kind: "batch" }>): Metrics {
  const output = sum(outputTokens);
  return {
    duration_s: durationS,
    completed: outputTokens.length,
    request_throughput_req_s: outputTokens.length / durationS,
    output_throughput_tok_s: output / durationS,
    total_token_throughput_tok_s: (sum(inputTokens) + output) / durationS,
  };
}

/** What follows from other metrics. */
function withDerived(metrics: Metrics, pricePerHour?: number): Metrics {
  const tpot = metrics.tpot_ms?.mean;
  const throughput = metrics.total_token_throughput_tok_s;
  return present({
    ...metrics,
    tokens_per_s_user: tpot ? 1000 / tpot : undefined,
    cost_per_million_tokens: throughput && pricePerHour ? (pricePerHour * 1e6) / (throughput * 3600) : undefined,
  });
}

function outputTokensOf(measurement: Measurement): number {
  switch (measurement.kind) {
    case "iterations":
      return measurement.latenciesS.length * sum(measurement.outputTokens);
    case "batch":
      return sum(measurement.outputTokens);
    case "starts":
    case "checked":
      return 0;
    case "requests":
      return total(measurement.requests.outputTokens, goodRequests(measurement.requests));
    case "reported":
      return measurement.outputTokens;
    case "repeated":
      return sum(measurement.repeats.map(outputTokensOf));
    default:
      return measurement satisfies never;
  }
}

function total(column: readonly number[], indices: readonly number[]): number {
  return sum(indices.map((index) => column[index]!));
}
