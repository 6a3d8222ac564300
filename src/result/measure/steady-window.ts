import type { RequestSamples } from "../document/cell.ts";
import type { SteadyState } from "../document/steady-state.ts";
import { type Distribution, mean, median } from "../metrics/distribution.ts";
import { medianMetrics } from "../metrics/median-metrics.ts";
import type { MetricName, Metrics } from "../metrics/metric.ts";
import { present } from "../present.ts";
import { meanInFlight, type Span, whenReached } from "./in-flight.ts";
import { goodRequests, latencyMetrics, spanOf } from "./request-latencies.ts";
import { eachTokenEvent } from "./token-events.ts";

/** A closed loop is steady near its concurrency, an open one after the time that a request takes. */
export type SteadyLoad = { kind: "closed-loop"; concurrency: number } | { kind: "open-loop" };

/** Share of the concurrency asked for that counts as full; the same share as vLLM's Rust client. */
const FULL = 0.95;
/** Fewer requests, or a smaller part of the run, tell of the edges more than of the middle. */
const FEWEST_REQUESTS = 10;
const SMALLEST_PART = 0.2;

/**
 * The window without ramp and drain, of a load that was meant to be constant: from when the load first has its level to
 * when the last request is sent. Requests belong to it when they were sent in it, tokens when they arrived in it.
 * @returns undefined when the window holds fewer than 10 requests or less than 20 % of the run
 */
export function steadyState(samples: RequestSamples, load: SteadyLoad): SteadyState | undefined {
  const good = goodRequests(samples);
  const spans = good.map((index) => spanOf(samples, index));
  const window = windowOf(spans, load);
  if (window === undefined || window.to - window.from < SMALLEST_PART * samples.durationS * 1000) return undefined;
  // The first moment is left out and the last is in, so that rate × length counts each gap between sends once.
  const isIn = (at: number) => at > window.from && at <= window.to;
  const started = good.filter((_, position) => isIn(spans[position]!.from));
  if (started.length < FEWEST_REQUESTS) return undefined;
  const seconds = (window.to - window.from) / 1000;
  const latencies = latencyMetrics(samples, started);
  const throughputs = throughputsOf(samples, { good, spans, isIn, seconds });
  const meanConcurrency = meanInFlight(spans, window);
  const offered = (started.length / seconds) * (latencies.e2el_ms!.mean! / 1000);
  return {
    fromS: window.from / 1000,
    toS: window.to / 1000,
    meanConcurrency,
    ...(offered > 0 ? { littleRatio: meanConcurrency / offered } : {}),
    metrics: { completed: started.length, ...kept(latencies), ...throughputs },
  };
}

/**
 * A second look at the same requests keeps what it is looked at for; all of it would be a quarter of a document. How many
 * there were is `completed`, and how long clients waited is a matter of the whole run.
 */
const KEPT = ["mean", "p50", "p99"] as const satisfies (keyof Distribution)[];
const LATENCIES = ["ttft_ms", "tpot_ms", "itl_ms", "itl_token_ms", "e2el_ms"] as const satisfies MetricName[];

function kept(latencies: Metrics): Metrics {
  const entries = LATENCIES.flatMap((name) => {
    const distribution = latencies[name];
    if (distribution === undefined) return [];
    return [[name, Object.fromEntries(KEPT.map((statistic) => [statistic, distribution[statistic]]))] as const];
  });
  return Object.fromEntries(entries) as Metrics;
}

/** The median of everything over several repeats; undefined when one of them had no steady state. */
export function medianSteadyState(each: readonly (SteadyState | undefined)[]): SteadyState | undefined {
  const all = each.filter((one) => one !== undefined);
  if (all.length === 0 || all.length < each.length) return undefined;
  const ratios = all.flatMap(({ littleRatio }) => littleRatio ?? []);
  return {
    fromS: median(all.map(({ fromS }) => fromS)),
    toS: median(all.map(({ toS }) => toS)),
    meanConcurrency: median(all.map(({ meanConcurrency }) => meanConcurrency)),
    ...(ratios.length > 0 ? { littleRatio: median(ratios) } : {}),
    metrics: medianMetrics(all.map(({ metrics }) => metrics)),
  };
}

function windowOf(spans: readonly Span[], load: SteadyLoad): Span | undefined {
  if (spans.length === 0) return undefined;
  const sends = Float64Array.from(spans, ({ from }) => from).sort();
  const from =
    load.kind === "closed-loop"
      ? whenReached(spans, FULL * load.concurrency)
      : sends[0]! + mean(spans.map(({ from, to }) => to - from));
  return from === undefined ? undefined : { from, to: sends.at(-1)! };
}

interface Inside {
  good: readonly number[];
  spans: readonly Span[];
  isIn: (at: number) => boolean;
  seconds: number;
}

/** A prompt counts when its first token arrives, a request when its last does. */
function throughputsOf(samples: RequestSamples, { good, spans, isIn, seconds }: Inside): Metrics {
  let input = 0;
  let output = 0;
  for (const index of good) {
    if (isIn(samples.firstTokenMs[index]!)) input += samples.inputTokens[index]!;
    eachTokenEvent(samples, index, (at, tokens) => {
      if (isIn(at)) output += tokens;
    });
  }
  return present({
    request_throughput_req_s: spans.filter(({ to }) => isIn(to)).length / seconds,
    output_throughput_tok_s: output / seconds,
    total_token_throughput_tok_s: (input + output) / seconds,
  });
}
