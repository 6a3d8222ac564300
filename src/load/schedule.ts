import type { Random } from "./random.ts";

/**
 * Send times in ms after the start of the schedule, ascending: a Poisson process, scaled so that the last request goes
 * out at exactly numPrompts ÷ rate. This is what `vllm bench serve` does at burstiness 1, and keeps the offered load
 * of a short run from being a matter of luck. An infinite rate sends everything at 0.
 */
export function sendTimes(numPrompts: number, requestRate: number, random: Random): Float64Array {
  const times = new Float64Array(numPrompts);
  if (requestRate === Number.POSITIVE_INFINITY) return times;
  let clock = 0;
  for (let i = 0; i < numPrompts; i++) {
    // An exponential gap by inversion; random() is never 1, so the logarithm is finite.
    clock -= Math.log(1 - random());
    times[i] = clock;
  }
  const end = (numPrompts / requestRate) * 1000;
  const scaled = times.map((time) => Math.min((time / clock) * end, end));
  scaled[numPrompts - 1] = end;
  return scaled;
}
