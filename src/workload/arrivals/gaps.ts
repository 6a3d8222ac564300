import { normalNumber, type Random } from "../random.ts";

/** Draws gaps of mean 1 whose variance is 1 ÷ burstiness: the gamma distribution with the burstiness as its shape. */
export function gapSource(burstiness: number, random: Random): () => number {
  if (burstiness === Number.POSITIVE_INFINITY) return () => 1;
  // An exponential gap by inversion; random() is never 1, so the logarithm is finite.
  if (burstiness === 1) return () => -Math.log(1 - random());
  return () => gamma(burstiness, random) / burstiness;
}

/**
 * Marsaglia and Tsang, “A simple method for generating gamma variables” (2000), scale 1. Below shape 1 the method does
 * not hold; there gamma(shape) = gamma(shape + 1) × U^(1 ÷ shape).
 */
function gamma(shape: number, random: Random): number {
  if (shape < 1) return gamma(shape + 1, random) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normalNumber(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < x * x * 0.5 + d * (1 - v + Math.log(v))) return d * v;
  }
}
