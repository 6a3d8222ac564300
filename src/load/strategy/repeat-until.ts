import { mean, standardDeviation } from "../../result/metrics/distribution.ts";

export interface RepeatPlan {
  /** Half-width of the interval that is narrow enough, relative to the mean: 0.03 is 3 %. */
  target: number;
  /** Fewest repeats; at least 2, for one has no spread. */
  least: number;
  most: number;
}

/**
 * Whether to measure once more: until the 95 % confidence interval of the mean over repeats, by Student's t (Student, The
 * probable error of a mean, Biometrika 6, 1908), is within the target, as A. Georges, D. Buytaert and L. Eeckhout advise
 * for benchmarks (Statistically rigorous Java performance evaluation, OOPSLA 2007).
 * @param values the chosen metric, one a repeat so far
 */
export function nextRepeat(
  values: readonly number[],
  { target, least, most }: RepeatPlan,
): "continue" | "enough" | "capped" {
  if (values.length >= Math.max(least, 2) && relativeHalfWidth(values) <= target) return "enough";
  return values.length >= most ? "capped" : "continue";
}

/** Half-width of the mean's 95 % interval ÷ its mean; Infinity for fewer than two values, 0 for equal ones. */
export function relativeHalfWidth(values: readonly number[]): number {
  const freedom = values.length - 1;
  if (freedom < 1) return Number.POSITIVE_INFINITY;
  // s ÷ √n with the sample's own deviation (ddof 1).
  const error = standardDeviation(values) / Math.sqrt(freedom);
  return error === 0 ? 0 : (studentT975(freedom) * error) / Math.abs(mean(values));
}

const T_975 = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.306, 2.2622, 2.2281];
const Z_975 = 1.959964;

/**
 * 97.5 % quantile of Student's t: a table up to 10 degrees of freedom, then its expansion around the normal quantile
 * (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.7.5), right to four digits.
 */
export function studentT975(freedom: number): number {
  const known = T_975[freedom - 1];
  if (known !== undefined) return known;
  const z = Z_975;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
}
