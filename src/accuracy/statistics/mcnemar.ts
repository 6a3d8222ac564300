/**
 * Exact two-sided probability that so uneven a split comes by chance, when a sample that changes is as likely to be lost as
 * gained (Q. McNemar, Note on the sampling error of the difference between correlated proportions, Psychometrika 12, 1947; the
 * exact form is the binomial test of A. Agresti, Categorical Data Analysis, 2013, section 11.1). Samples that both runs
 * answered right, or both wrong, say nothing and are not in it.
 * @param lost samples that were right before and are wrong now
 * @param gained the other way round
 * @returns 0 to 1; 1 where nothing changed
 */
export function exactMcNemar(lost: number, gained: number): number {
  const changed = lost + gained;
  // In logarithms: a half to the power of some thousands is no number.
  let logTerm = -changed * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let count = 1; count <= Math.min(lost, gained); count++) {
    logTerm += Math.log((changed - count + 1) / count);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}
