import { setTimeout as pause } from "node:timers/promises";
import { authorization } from "../../engine/server/api-key.ts";
import type { ClientHealth, RequestSamples } from "../../result/document/cell.ts";
import { monotonicMs } from "../../time/monotonic.ts";
import { sendTimes } from "../../workload/arrivals/send-times.ts";
import { concurrencyLimit, type LoadPlan } from "../../workload/load-plan.ts";
import { seededRandom } from "../../workload/random.ts";
import { type Draw, requestMaker } from "../../workload/request-maker.ts";
import { targetOf } from "../http/target.ts";
import type { FreshRequests, StockedRequests } from "../thread/thread-order.ts";
import { healthOf } from "./client-health.ts";
import type { Flying, LiveCounts, LoadThreads } from "./load-threads.ts";
import { samplesOf } from "./samples.ts";
import { stockRequests } from "./stock.ts";

export interface LoadResult {
  samples: RequestSamples;
  health: ClientHealth;
  warmupSeconds: number;
}

export interface LoadWatch {
  /** Abort it to end everything at once; its reason goes into the errors of the requests that were open. */
  signal: AbortSignal;
  /** Called once, right before the first measured request. */
  onMeasuring?: () => void;
  /** Called now and then while measuring. */
  onProgress?: (live: LiveCounts) => void;
}

/** Stream of the seed; the others are the requests'. */
const TIMES_STREAM = 0;

const MOST_OPENED_BEFOREHAND = 1024;
/** Time for the order to reach every thread before the first request is due. */
const LEAD_MS = 20;
/** What starts to watch the engine takes its first look before the first request, and no core from it. */
const SETTLE_MS = 100;
const PROGRESS_EVERY_MS = 250;

/**
 * Sends one cell's requests to an OpenAI-compatible server and records every token's arrival. Nothing is thrown for a
 * request that fails: its error is in the samples, as is that of every request not sent because of the signal.
 */
export async function runLoad(plan: LoadPlan, threads: LoadThreads, watch: LoadWatch): Promise<LoadResult> {
  const orders = prepareOrders(plan);
  const target = targetOf(new URL(plan.baseUrl));
  const { times } = orders.measured;
  const prepare = () => threads.prepare(target, { ...connectionsFor(plan, times?.length), isTimed: times !== null });
  await prepare();
  const warmupStart = performance.now();
  if (plan.warmupRequests > 0) await fly(orders.warmup, threads, { signal: watch.signal });
  const warmupSeconds = (performance.now() - warmupStart) / 1000;
  watch.onMeasuring?.();
  await pause(SETTLE_MS);
  // A server that closes its connections has done so since the warm-up.
  if (!watch.signal.aborted) await prepare();
  return { ...(await measure(orders.measured, threads, watch)), warmupSeconds };
}

type Order = ReturnType<typeof prepareOrders>["measured"];

/** All that can be done before the clock starts: bodies, heads and send times. */
function prepareOrders(plan: LoadPlan) {
  const { load, bound, prompts, seed, warmupRequests, requestTimeoutSeconds: timeoutSeconds } = plan;
  const url = new URL(plan.baseUrl);
  const path = `${url.pathname.replace(/\/$/, "")}${plan.endpoint === "chat" ? "/v1/chat/completions" : "/v1/completions"}`;
  const { model, endpoint, continuousUsage, temperature, takes } = plan;
  const api = { model, endpoint, continuousUsage, temperature, takes };
  const route = (idPrefix: string) => ({ host: url.host, path, idPrefix, ...authorization() });
  const stock = (count: number, part: Draw["part"], idPrefix: string) =>
    stockRequests(count, requestMaker(prompts, api, { seed, part }), route(idPrefix));
  const times =
    load.kind === "open-loop" ? shared(sendTimes(load.arrivals, bound, seededRandom(seed, TIMES_STREAM))) : null;
  const count = times?.length ?? (bound.kind === "requests" ? bound.count : undefined);
  const requests: StockedRequests | FreshRequests =
    count === undefined
      ? { kind: "fresh", prompts, api, draw: { seed, part: "measured" }, route: route("pitwall-") }
      : stock(count, "measured", "pitwall-");
  const exactLengths = takes === undefined || takes.exactLengths !== null;
  const common = { limit: concurrencyLimit(load), timeoutSeconds, exactLengths };
  return {
    warmup: { ...common, requests: stock(warmupRequests, "warm-up", "pitwall-warmup-"), times: null, lastsMs: null },
    measured: {
      ...common,
      requests,
      times,
      lastsMs: count === undefined && bound.kind === "seconds" ? 1000 * bound.seconds : null,
    },
  };
}

function shared(values: Float64Array): Float64Array {
  const copy = new Float64Array(new SharedArrayBuffer(values.byteLength));
  copy.set(values);
  return copy;
}

/** In a closed loop exactly what it holds open; in an open one what the next second may need. */
function connectionsFor({ load, bound }: LoadPlan, count = bound.kind === "requests" ? bound.count : Infinity) {
  const limit = Math.min(concurrencyLimit(load), count, MOST_OPENED_BEFOREHAND);
  if (load.kind === "closed-loop") return { connections: limit, spare: 0 };
  const { arrivals } = load;
  const perSecond = arrivals.kind === "rate" ? Math.ceil(arrivals.requestRate) : limit;
  return Number.isFinite(perSecond) && perSecond < limit
    ? { connections: 0, spare: perSecond }
    : { connections: limit, spare: 0 };
}

async function measure(order: Order, threads: LoadThreads, watch: LoadWatch) {
  const cpuBefore = process.cpuUsage();
  const { threadResults, startAt, endAt } = await fly(order, threads, watch);
  const { user, system } = process.cpuUsage(cpuBefore);
  const { times, requests } = order;
  const asked =
    requests.kind === "stocked"
      ? { inputTokens: requests.askedInputTokens, outputTokens: requests.askedOutputTokens }
      : null;
  const askedSpanMs = times === null ? null : times.at(-1)! - times[0]!;
  return {
    samples: samplesOf(threadResults, { startAt, endAt, times, asked }),
    health: healthOf(threadResults, { cpuSeconds: (user + system) / 1e6, askedSpanMs }),
  };
}

/** Runs a load to its end, or to the signal's. Times on CLOCK_MONOTONIC, in ms. */
async function fly(order: Order, threads: LoadThreads, { signal, onProgress }: LoadWatch) {
  const startAt = monotonicMs() + LEAD_MS;
  const flying = threads.fly({ ...order, startAt });
  const cancel = () => threads.cancel(reasonOf(signal));
  if (signal.aborted) cancel();
  signal.addEventListener("abort", cancel, { once: true });
  const stopTelling = onProgress === undefined ? () => {} : tell(flying, onProgress);
  try {
    const threadResults = await flying.threadResults;
    // A run that is cancelled before it begins has finished before its start.
    return {
      threadResults,
      startAt,
      endAt: Math.max(startAt + 1, ...threadResults.map(({ finishedAt }) => finishedAt)),
    };
  } finally {
    stopTelling();
    signal.removeEventListener("abort", cancel);
  }
}

function tell(flying: Flying, onProgress: (live: LiveCounts) => void): () => void {
  const timer = setInterval(() => onProgress(flying.live()), PROGRESS_EVERY_MS);
  return () => clearInterval(timer);
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}
