import { UsageError } from "../../errors.ts";
import type { Random } from "../random.ts";
import { type Arrivals, type Bound, checkArrivals, checkBound, checkCount } from "./arrivals.ts";
import { gapSource } from "./gaps.ts";
import { expectedRequests, type Ramp, secondOf } from "./ramp.ts";

/**
 * Send times in ms after the start, ascending and absolute: nothing is added up while sending, so nothing drifts.
 *
 * A random process is scaled so that its last request goes out exactly when that many are expected (at a rate:
 * count ÷ rate), as `vllm bench serve` does; bounded by seconds it has as many requests as are expected within them,
 * rounded, at least one. So the offered load of a short run is no matter of luck.
 * @throws UsageError for values that make no schedule
 */
export function sendTimes(arrivals: Arrivals, bound: Bound, random: Random): Float64Array {
  checkArrivals(arrivals);
  checkBound(bound);
  switch (arrivals.kind) {
    case "rate":
      return rateTimes(arrivals, bound, random);
    case "ramp":
      return rampTimes(arrivals, bound, random);
    case "bursts":
      return burstTimes(arrivals, bound);
    case "trace":
      return traceTimes(arrivals.timesMs, bound);
  }
}

function rateTimes(
  { requestRate, burstiness }: Extract<Arrivals, { kind: "rate" }>,
  bound: Bound,
  random: Random,
): Float64Array {
  if (requestRate === Number.POSITIVE_INFINITY) {
    if (bound.kind === "requests") return new Float64Array(bound.count);
    throw new UsageError("An infinite rate has no end in seconds: give the number of requests instead.");
  }
  const { count, end } = extent(bound, {
    expected: (seconds) => requestRate * seconds,
    secondOf: (requests) => requests / requestRate,
  });
  return scaledTo(end * 1000, arrivalsOf(count, gapSource(burstiness, random)));
}

function rampTimes(ramp: Ramp, bound: Bound, random: Random): Float64Array {
  const { count, end } = extent(bound, {
    expected: (seconds) => expectedRequests(ramp, seconds),
    secondOf: (requests) => secondOf(ramp, requests),
  });
  // A process of rate 1, stretched by the inverse of the integral: its time is counted in expected requests.
  const operational = scaledTo(
    Math.min(count, expectedRequests(ramp, end)),
    arrivalsOf(count, gapSource(ramp.burstiness, random)),
  );
  const times = operational.map((requests) => Math.min(secondOf(ramp, requests), end) * 1000);
  times[count - 1] = end * 1000;
  return times;
}

interface Intensity {
  expected(seconds: number): number;
  secondOf(requests: number): number;
}

/** How many requests, and the second of the last one. */
function extent(bound: Bound, { expected, secondOf }: Intensity): { count: number; end: number } {
  if (bound.kind === "requests") return { count: bound.count, end: secondOf(bound.count) };
  const count = checkCount(Math.max(1, Math.round(expected(bound.seconds))));
  return { count, end: Math.min(secondOf(count), bound.seconds) };
}

function arrivalsOf(count: number, nextGap: () => number): Float64Array {
  const times = new Float64Array(count);
  let clock = 0;
  for (let i = 0; i < count; i++) {
    clock += nextGap();
    times[i] = clock;
  }
  return times;
}

function scaledTo(end: number, times: Float64Array): Float64Array {
  const last = times.at(-1)!;
  // A tiny burstiness can draw nothing but gaps that round to 0.
  const scaled = times.map((time) => (last === 0 ? 0 : Math.min((time / last) * end, end)));
  scaled[times.length - 1] = end;
  return scaled;
}

function burstTimes({ size, everySeconds }: Extract<Arrivals, { kind: "bursts" }>, bound: Bound): Float64Array {
  // Less than the rounding of a quotient: ten bursts fit into 1 s at 0.1 s, not eleven.
  const bursts = bound.kind === "seconds" ? Math.max(1, Math.ceil(bound.seconds / everySeconds - 1e-6)) : 0;
  const count = bound.kind === "seconds" ? checkCount(bursts * size) : bound.count;
  return Float64Array.from({ length: count }, (_, i) => Math.floor(i / size) * everySeconds * 1000);
}

function traceTimes(timesMs: ArrayLike<number>, bound: Bound): Float64Array {
  const times = Float64Array.from(timesMs);
  if (bound.kind === "requests") {
    if (bound.count <= times.length) return times.subarray(0, bound.count);
    throw new UsageError(
      `The trace holds ${times.length} requests and ${bound.count} were asked for: ask for ${times.length} or fewer.`,
    );
  }
  const within = times.filter((time) => time < bound.seconds * 1000);
  if (within.length > 0) return within;
  throw new UsageError(`The trace's first request comes after ${bound.seconds} s: send for longer.`);
}
