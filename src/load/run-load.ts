import { Pool } from "undici";
import type { ClientHealth, RequestSamples } from "../result/cell.ts";
import { watchHealth } from "./client-health.ts";
import { Flight } from "./flight.ts";
import { concurrencyLimit, type LoadPlan } from "./load-plan.ts";
import { Pacer } from "./pacer.ts";
import { seededRandom } from "./random.ts";
import { samplesOf } from "./samples.ts";
import { type Draw, requestMaker } from "./workload/request-maker.ts";
import { sendTimes } from "./workload/send-times.ts";

export interface LoadResult {
  samples: RequestSamples;
  health: ClientHealth;
  warmupSeconds: number;
}

interface Watch {
  /** Abort it to end everything at once; its reason goes into the errors of the requests that were open. */
  signal: AbortSignal;
  onProgress?: (settled: number, failed: number) => void;
}

/** The stream of the seed that the send times are drawn from; those above it are the prompts'. */
const TIMES_STREAM = 0;

/** Below the 5 s after which uvicorn closes an idle connection: a request must never meet a closing one. */
const KEEP_ALIVE_MS = 4000;
const MOST_OPENED_BEFOREHAND = 512;
const OPENING_LIMIT_MS = 5000;

/**
 * Sends one cell's requests to an OpenAI-compatible server and records every token's arrival. Nothing is thrown for a
 * request that fails: its error is in the samples, as is that of every request not sent because of the signal.
 */
export async function runLoad(plan: LoadPlan, { signal, onProgress }: Watch): Promise<LoadResult> {
  const limit = concurrencyLimit(plan.load);
  const url = new URL(plan.baseUrl);
  const pool = new Pool(url.origin, {
    connections: Number.isFinite(limit) ? limit : null,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    // Slow is for the request's own limit to judge.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
  });
  const prefix = url.pathname.replace(/\/$/, "");
  const { outputLen, requestTimeoutSeconds: timeoutSeconds } = plan;
  const newFlight = (count: number, part: Draw["part"], onSettled?: Watch["onProgress"]) => {
    const make = requestMaker(
      { kind: "random", inputLen: plan.inputLen, outputLen, rangeRatio: 0, sharedPrefix: 0 },
      { model: plan.model, endpoint: "completions", continuousUsage: false, temperature: 0 },
      { seed: plan.seed, part },
    );
    const bodies = Array.from({ length: count }, (_, index) => make(index).body);
    return new Flight({ pool, path: `${prefix}/v1/completions`, bodies, limit, outputLen, timeoutSeconds, onSettled });
  };
  try {
    const flight = newFlight(plan.numPrompts, "measured", onProgress);
    const warmupSeconds = await warmUp(newFlight(plan.warmupRequests, "warm-up"), signal);
    await openConnections(pool, `${prefix}/health`, plan, signal);
    return { ...(await measure(flight, plan, signal)), warmupSeconds };
  } finally {
    await pool.destroy();
  }
}

/** Warms the engine, its kernels for this batch size, and this client's own compiled code. Its failures are not counted. */
async function warmUp(flight: Flight, signal: AbortSignal): Promise<number> {
  const start = performance.now();
  await fly(flight, signal, async () => submitAll(flight));
  return (performance.now() - start) / 1000;
}

async function measure(flight: Flight, { load, numPrompts, seed }: LoadPlan, signal: AbortSignal) {
  const times =
    load.kind === "open-loop"
      ? sendTimes(
          { kind: "rate", requestRate: load.requestRate, burstiness: 1 },
          { kind: "requests", count: numPrompts },
          seededRandom(seed, TIMES_STREAM),
        )
      : undefined;
  const endWatch = watchHealth();
  const startAt = performance.now();
  const lateness: number[] = [];
  await fly(flight, signal, async () => {
    if (times === undefined) return submitAll(flight);
    const pacer = new Pacer(signal);
    for (const [index, time] of times.entries()) {
      await pacer.waitUntil(startAt + time);
      if (signal.aborted) return;
      lateness.push(performance.now() - startAt - time);
      flight.submit(index, startAt + time);
    }
  });
  const endAt = performance.now();
  return { samples: samplesOf(flight.departures, startAt, endAt), health: endWatch(lateness) };
}

/** Runs a flight to its end, or to the signal's. */
async function fly(flight: Flight, signal: AbortSignal, submit: () => Promise<void>): Promise<void> {
  const cancel = () => flight.cancel(reasonOf(signal));
  if (signal.aborted) return cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    await submit();
    await flight.landed;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}

function submitAll(flight: Flight): void {
  for (const index of flight.departures.keys()) flight.submit(index);
}

function reasonOf({ reason }: AbortSignal): string {
  return reason instanceof Error ? reason.message : String(reason);
}

/** Opens the connections that the first second needs, so that no TTFT holds a connect. */
async function openConnections(pool: Pool, path: string, { load, numPrompts }: LoadPlan, signal: AbortSignal) {
  const firstSecond = load.kind === "open-loop" ? Math.ceil(load.requestRate) : numPrompts;
  const count = Math.min(firstSecond, numPrompts, concurrencyLimit(load), MOST_OPENED_BEFOREHAND);
  const limit = { signal: AbortSignal.any([signal, AbortSignal.timeout(OPENING_LIMIT_MS)]) };
  // A server that answers none of these will fail the requests themselves, where it is counted.
  await Promise.allSettled(
    Array.from({ length: count }, async () => (await pool.request({ method: "GET", path, ...limit })).body.dump()),
  );
}
