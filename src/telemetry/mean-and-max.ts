import { mean } from "../result/metrics/distribution.ts";

/** Mean and maximum; undefined for no values, since what was not seen is not 0. */
export function meanAndMaxOf(values: readonly number[]): { mean: number; max: number } | undefined {
  if (values.length === 0) return undefined;
  return { mean: mean(values), max: values.reduce((a, b) => Math.max(a, b)) };
}
