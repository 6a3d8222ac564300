import { z } from "zod";

/** Percentiles kept for every distribution; `samplesNeeded` says how many samples each takes. */
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

/**
 * Samples that a percentile takes so that the sample reaches beyond the true quantile with 95 % confidence, whatever the
 * distribution: the largest of n exceeds the quantile p with probability 1 − pⁿ, so n ≥ ln 0.05 ÷ ln p, and below the
 * median the same from the other end. From S. S. Wilks, Determination of sample sizes for setting tolerance limits,
 * Annals of Mathematical Statistics 12 (1941). p50 takes 5, p90 29, p99 299, p99.9 2,995.
 * @param percent 0 to 100, both excluded
 */
export function samplesNeeded(percent: number): number {
  const quantile = Math.max(percent, 100 - percent) / 100;
  return Math.ceil(Math.log(0.05) / Math.log(quantile));
}

export function sum(samples: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < samples.length; i++) total += samples[i]!;
  return total;
}

export const mean = (samples: ArrayLike<number>) => sum(samples) / samples.length;

/** @param samples in any order; at least one */
export const median = (samples: ArrayLike<number>) => percentile(Float64Array.from(samples).sort(), 50);

/** Population standard deviation (ddof 0). */
export function standardDeviation(samples: ArrayLike<number>): number {
  const centre = mean(samples);
  let squares = 0;
  for (let i = 0; i < samples.length; i++) squares += (samples[i]! - centre) ** 2;
  return Math.sqrt(squares / samples.length);
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
