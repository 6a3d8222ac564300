/**
 * Upper tail of Student's t: P(T > t).
 * By the regularised incomplete beta function, I(df ÷ (df + t²); df ÷ 2, ½) ÷ 2 (Abramowitz and Stegun, 26.7.1).
 * @param degrees of freedom, above 0
 */
export function studentTail(t: number, degrees: number): number {
  const half = incompleteBeta(degrees / (degrees + t * t), degrees / 2, 0.5) / 2;
  return t >= 0 ? half : 1 - half;
}

/**
 * The t that Student's variable exceeds with the given probability.
 * @param tail above 0, at most ½
 */
export function studentQuantile(tail: number, degrees: number): number {
  let high = 1;
  while (studentTail(high, degrees) > tail) high *= 2;
  return bisect(0, high, (t) => studentTail(t, degrees) > tail);
}

/** Upper tail of Fisher's F, the ratio of two variances: P(F > ratio), with degrees of freedom of both (26.6.2 there). */
export function fisherTail(ratio: number, [above, below]: readonly [number, number]): number {
  return incompleteBeta(below / (below + above * ratio), below / 2, above / 2);
}

/** Upper tail of the normal distribution: P(Z > z). */
export function normalTail(z: number): number {
  const tail = Math.abs(z) < SERIES_UP_TO ? 0.5 - centralPart(Math.abs(z)) : farTail(Math.abs(z));
  return z >= 0 ? tail : 1 - tail;
}

/** Where a condition that holds below and not above ends; to the precision of the numbers. */
export function bisect(low: number, high: number, holds: (x: number) => boolean): number {
  let [below, above] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (below + above) / 2;
    if (holds(middle)) below = middle;
    else above = middle;
  }
  return (below + above) / 2;
}

/** Regularised, by its continued fraction (DLMF 8.17.22), evaluated by Lentz's method. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // Beyond the mean the fraction converges slowly; from the other end it is fast.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x) - Math.log(a),
  );
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    const before = value;
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d);
      c = nonZero(1 + term / c);
      value *= c * d;
    }
    if (Math.abs(value - before) < 1e-15 * value) break;
  }
  return front * value;
}

const nonZero = (x: number) => (Math.abs(x) < 1e-300 ? 1e-300 : x);

/** Lanczos' approximation with the coefficients of P. Godfrey (g = 7, n = 9): 15 digits for what is above 0. */
function logGamma(x: number): number {
  const [first, ...others] = LANCZOS;
  const series = others.reduce((total, coefficient, index) => total + coefficient / (x + index), first!);
  const shifted = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(shifted) - shifted + Math.log(series);
}

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** Up to here the series loses fewer than four digits to the difference from ½; from here on the fraction is fast. */
const SERIES_UP_TO = 3;

const normalDensity = (z: number) => Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI);

/** P(0 < Z < z), by a series of positive terms (Abramowitz and Stegun, 26.2.11). */
function centralPart(z: number): number {
  let term = z;
  let total = z;
  for (let odd = 3; term > 1e-17 * total; odd += 2) {
    term *= (z * z) / odd;
    total += term;
  }
  return normalDensity(z) * total;
}

/** P(Z > z), by Laplace's continued fraction (26.2.14 there), from its far end. */
function farTail(z: number): number {
  let rest = z;
  for (let level = 60; level >= 1; level--) rest = z + level / rest;
  return normalDensity(z) / rest;
}
