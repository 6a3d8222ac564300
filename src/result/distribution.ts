import { z } from "zod";

/** Percentiles kept for every distribution. p99.9 is an interpolation below 1,000 samples; `count` says which it is. */
export const PERCENTILES = [10, 25, 50, 75, 90, 95, 99, 99.9] as const;

const value = z.number();

/** Summary of a sample, in the unit of the metric's name. Absent percentiles were not reported by the measuring tool. */
export const Distribution = z.strictObject({
  count: z.int().positive().optional().meta({ description: "Samples; absent when the measuring tool did not say." }),
  mean: value.optional(),
  std: value.optional().meta({ description: "Population standard deviation (ddof 0), as numpy and vLLM report it." }),
  p10: value.optional(),
  p25: value.optional(),
  p50: value.optional(),
  p75: value.optional(),
  p90: value.optional(),
  p95: value.optional(),
  p99: value.optional(),
  "p99.9": value.optional(),
});
export type Distribution = z.infer<typeof Distribution>;

/**
 * Percentile of an ascending, non-empty sample by linear interpolation: numpy's default, type 7 of Hyndman and Fan (1996).
 * @param percent 0 to 100
 */
export function percentile(ascending: ArrayLike<number>, percent: number): number {
  if (ascending.length === 0) throw new RangeError("a percentile needs at least one sample");
  const position = ((ascending.length - 1) * percent) / 100;
  const below = Math.floor(position);
  const low = ascending[below]!;
  const high = ascending[Math.min(below + 1, ascending.length - 1)]!;
  return low + (high - low) * (position - below);
}

export function mean(samples: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += samples[i]!;
  return sum / samples.length;
}

/** Population standard deviation (ddof 0). */
export function standardDeviation(samples: ArrayLike<number>): number {
  const centre = mean(samples);
  let sum = 0;
  for (let i = 0; i < samples.length; i++) sum += (samples[i]! - centre) ** 2;
  return Math.sqrt(sum / samples.length);
}

/** Summary of a sample, or undefined for an empty one: missing is absent, never 0. */
export function summarize(samples: readonly number[]): Distribution | undefined {
  if (samples.length === 0) return undefined;
  const ascending = Float64Array.from(samples).sort();
  const percentiles = PERCENTILES.map((percent) => [`p${percent}`, percentile(ascending, percent)]);
  return {
    count: samples.length,
    mean: mean(samples),
    std: standardDeviation(samples),
    ...Object.fromEntries(percentiles),
  };
}
