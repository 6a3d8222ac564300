/**
 * Student's t with 4 degrees of freedom: near enough to a normal distribution in the middle, and with tails that let no single
 * outlier decide.
 */
const DEGREES = 4;

/** Up to a constant factor, which no comparison of hypotheses needs. @param x distance from the middle in scales */
export const density = (x: number): number => (1 + (x * x) / DEGREES) ** (-(DEGREES + 1) / 2);

/** How much a value counts when middle and scale are fitted: 1.25 in the middle, less the farther out it lies. */
export const weight = (x: number): number => (DEGREES + 1) / (DEGREES + x * x);

/** In scales from the middle. Closed form for 4 degrees: W. T. Shaw, Journal of Computational Finance 9 (4), 2006. */
export function quantile(probability: number): number {
  const alpha = Math.sqrt(4 * probability * (1 - probability));
  const part = Math.cos(Math.acos(Math.min(1, alpha)) / 3) / alpha;
  return Math.sign(probability - 0.5) * 2 * Math.sqrt(Math.max(0, part - 1));
}
