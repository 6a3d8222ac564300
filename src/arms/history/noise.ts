import { sum } from "../../result/metrics/distribution.ts";

/** Those of five numbers, as `ENOUGH` of the verdict. */
const ENOUGH_DIFFERENCES = 4;

/** How much the logarithms of numbers vary from run to run, and how well that is known. */
export interface Noise {
  variance: number;
  degrees: number;
}

/**
 * From the differences between neighbours, which a slow change of the level does not reach and a step only once (J. von
 * Neumann and others, The mean square successive difference, Annals of Mathematical Statistics 12, 1941). Its variance is that
 * of a mean square with two thirds of the degrees of freedom.
 * @param stretches logarithms in order of time; between two stretches lies what is asked about
 */
export function successiveNoise(stretches: readonly (readonly number[])[]): Noise | undefined {
  const squares = stretches.flatMap((logs) => logs.slice(1).map((value, index) => (value - logs[index]!) ** 2));
  if (squares.length < ENOUGH_DIFFERENCES) return undefined;
  return { variance: sum(squares) / (2 * squares.length), degrees: (2 / 3) * squares.length };
}
