/** 0.975 quantile of the normal distribution: 95 % lie within so many standard deviations. */
export const Z_95 = 1.959963984540054;

/**
 * 95 % score interval of a proportion (E. B. Wilson, Probable inference, the law of succession, and statistical inference,
 * J. American Statistical Association 22, 1927): unlike the estimate ± two standard errors it holds for few samples, and for
 * proportions near 0 and 1 (L. Brown, T. Cai, A. DasGupta, Statistical Science 16, 2001).
 * @param hits of 0 to `total`
 * @param total more than 0
 * @returns both ends, from 0 to 1
 */
export function wilsonInterval(hits: number, total: number): [number, number] {
  const share = hits / total;
  const z2 = Z_95 ** 2;
  const centre = share + z2 / (2 * total);
  const half = Z_95 * Math.sqrt((share * (1 - share)) / total + z2 / (4 * total ** 2));
  const scale = 1 + z2 / total;
  // At the ends one of the two is 0 or 1, but for the rounding of the arithmetic.
  const low = hits === 0 ? 0 : (centre - half) / scale;
  const high = hits === total ? 1 : (centre + half) / scale;
  return [low, high];
}
