/** Statistics of one sample by name: `mean`, `median`, `std`, `p99`, `p99.9`. */
type Statistics = Readonly<Record<string, number>>;

/** Numbers that were computed otherwise than ours may differ in their last digits. */
const ROUNDING = 1e-6;

/**
 * Why numbers cannot be the statistics of one sample of times, as a clause; undefined when they can. The mean of n values
 * that are not below 0 is at least (1 − q) times the quantile q, for that share of them reaches it (Markov's inequality);
 * above the median that says little.
 * @param nameOf how the source calls a statistic
 */
export function impossibleTimes(
  statistics: Statistics,
  nameOf: (statistic: string) => string = (statistic) => statistic,
): string | undefined {
  for (const [statistic, value] of Object.entries(statistics)) {
    if (!Number.isFinite(value)) return `${nameOf(statistic)} is ${value}, which is no number`;
    if (value < 0) return `${nameOf(statistic)} is ${value}, and nothing takes less than 0`;
  }
  return impossibleOrder(statistics, nameOf) ?? impossibleMean(statistics, nameOf);
}

function impossibleOrder(statistics: Statistics, nameOf: (statistic: string) => string): string | undefined {
  const ascending = percentilesOf(statistics);
  for (const [index, high] of ascending.entries()) {
    const low = ascending[index - 1];
    if (low === undefined || low.value <= high.value * (1 + ROUNDING)) continue;
    return `${nameOf(low.statistic)} is ${low.value}, but ${nameOf(high.statistic)} is ${high.value}: no percentile is above a higher one`;
  }
  return undefined;
}

function impossibleMean(statistics: Statistics, nameOf: (statistic: string) => string): string | undefined {
  const { mean } = statistics;
  if (mean === undefined) return undefined;
  const percentiles = percentilesOf(statistics);
  const tooHigh = percentiles.find(
    ({ percent, value }) => percent < 50 && value * (1 - percent / 100) > mean * (1 + ROUNDING),
  );
  const highest = percentiles.find(({ percent, value }) => percent === 100 && value * (1 + ROUNDING) < mean);
  const other = highest ?? tooHigh;
  if (other === undefined) return undefined;
  return `${nameOf("mean")} is ${mean}, which cannot be where ${nameOf(other.statistic)} is ${other.value}`;
}

/** Lowest first; the median is the 50th. */
function percentilesOf(statistics: Statistics): { statistic: string; percent: number; value: number }[] {
  return Object.entries(statistics)
    .flatMap(([statistic, value]) => {
      const percent = statistic === "median" ? 50 : Number(/^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1] ?? Number.NaN);
      return Number.isNaN(percent) ? [] : [{ statistic, percent, value }];
    })
    .sort((a, b) => a.percent - b.percent);
}
