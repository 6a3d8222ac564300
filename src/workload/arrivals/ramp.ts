import type { Arrivals } from "./arrivals.ts";

export type Ramp = Extract<Arrivals, { kind: "ramp" }>;

/** Requests expected within so many seconds: the integral of the rate. */
export function expectedRequests({ fromRate, toRate, seconds }: Ramp, until: number): number {
  const ramped = Math.min(until, seconds);
  return fromRate * ramped + ((toRate - fromRate) / (2 * seconds)) * ramped ** 2 + toRate * (until - ramped);
}

/** The second at which so many requests are expected: the inverse of `expectedRequests`, exact. */
export function secondOf(ramp: Ramp, requests: number): number {
  const { fromRate, toRate, seconds } = ramp;
  const ramped = expectedRequests(ramp, seconds);
  if (requests >= ramped) return seconds + (requests - ramped) / toRate;
  const slope = (toRate - fromRate) / seconds;
  // The root of slope/2 × t² + fromRate × t = requests in the form that loses no digits and knows slope 0.
  const divisor = fromRate + Math.sqrt(Math.max(0, fromRate ** 2 + 2 * slope * requests));
  return divisor === 0 ? 0 : (2 * requests) / divisor;
}
