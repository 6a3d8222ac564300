import { UsageError } from "../../errors.ts";
import { badValue, checkPositive, checkWhole } from "../values.ts";

/**
 * When requests go out, whatever the engine does (open loop). Rates in requests a second.
 * - `rate`: gaps drawn from a gamma distribution of shape `burstiness`: 1 is a Poisson process, below 1 clumps more,
 *   above 1 less, Infinity is a constant gap. An infinite `requestRate` sends everything at once.
 * - `ramp`: the rate goes linearly in time from one to the other within `seconds`, then stays.
 * - `bursts`: `size` requests together at 0, `everySeconds`, 2 × `everySeconds`, …
 * - `trace`: the times themselves, ascending, in ms after the start.
 */
export type Arrivals =
  | { kind: "rate"; requestRate: number; burstiness: number }
  | { kind: "ramp"; fromRate: number; toRate: number; seconds: number; burstiness: number }
  | { kind: "bursts"; size: number; everySeconds: number }
  | { kind: "trace"; timesMs: ArrayLike<number> };

/** What ends the sending. */
export type Bound = { kind: "requests"; count: number } | { kind: "seconds"; seconds: number };

/** A schedule is kept whole in memory, and so are the samples of its requests. */
const REQUESTS = { min: 1, max: 10_000_000 };

/** @throws UsageError which says what is wrong and what to do */
export function checkArrivals(arrivals: Arrivals): void {
  switch (arrivals.kind) {
    case "rate":
      if (!(arrivals.requestRate > 0))
        throw badValue("the request rate", arrivals.requestRate, "a number above 0, or inf");
      checkBurstiness(arrivals.burstiness);
      break;
    case "ramp":
      if (!(arrivals.fromRate >= 0 && Number.isFinite(arrivals.fromRate)))
        throw badValue("the rate that a ramp starts from", arrivals.fromRate, "0 or a finite number above it");
      checkPositive("the rate that a ramp goes to", arrivals.toRate);
      checkPositive("the seconds of a ramp", arrivals.seconds);
      checkBurstiness(arrivals.burstiness);
      break;
    case "bursts":
      checkWhole("the requests of a burst", arrivals.size, REQUESTS);
      checkPositive("the seconds between bursts", arrivals.everySeconds);
      break;
    case "trace":
      checkTimes(arrivals.timesMs);
  }
}

/** @throws UsageError which says what is wrong and what to do */
export function checkBound(bound: Bound): void {
  if (bound.kind === "requests") checkWhole("the number of requests", bound.count, REQUESTS);
  else checkPositive("the seconds to send for", bound.seconds);
}

/** @param count that the bound comes to; what a rate × seconds is can be far more than anyone meant */
export function checkCount(count: number): number {
  if (count <= REQUESTS.max) return count;
  throw new UsageError(
    `This load comes to ${count} requests, more than ${REQUESTS.max}: lower the rate, or bound it by a number of requests.`,
  );
}

function checkBurstiness(burstiness: number): void {
  if (!(burstiness > 0))
    throw badValue("the burstiness", burstiness, "a number above 0 (1: Poisson), or inf (constant gaps)");
}

function checkTimes(timesMs: ArrayLike<number>): void {
  if (timesMs.length === 0) throw new UsageError("The trace holds no requests: give one with at least one line.");
  checkCount(timesMs.length);
  let before = 0;
  for (let i = 0; i < timesMs.length; i++) {
    const time = timesMs[i]!;
    if (!(time >= before && Number.isFinite(time)))
      throw badValue(`time ${i + 1} of the trace`, time, `a number of ms from ${before} on: sort the trace by time`);
    before = time;
  }
}
