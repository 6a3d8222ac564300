import { type Distribution, samplesNeeded } from "../../result/metrics/distribution.ts";
import type { MetricName } from "../../result/metrics/metric.ts";
import { formatMetric } from "../../result/series/series.ts";

const MARK = "≈";

/** Explains the mark, where a table has one. */
const MARK_NOTE =
  "≈ too few samples to say: with 95 % confidence p90 takes 29, p99 299 and p99.9 2,995 of them (docs/metrics.md)";

/**
 * A statistic in its metric's unit, `36.92`; `≈36.92` for a percentile whose sample may not reach that far.
 * @param repeats measurements that the sample's count is the sum of, where the statistic is the median over them
 */
export function statisticText(
  name: MetricName,
  statistic: keyof Distribution,
  distribution: Distribution | undefined,
  repeats = 1,
): string {
  const value = distribution?.[statistic];
  if (value === undefined) return formatMetric(name, undefined);
  if (statistic === "count") return value.toLocaleString("en-US");
  const count = distribution?.count;
  const isPercentile = statistic !== "mean" && statistic !== "std";
  const isFew = isPercentile && count !== undefined && count / repeats < samplesNeeded(Number(statistic.slice(1)));
  return `${isFew ? MARK : ""}${formatMetric(name, value)}`;
}

/** The note that goes below a table of these texts, or nothing when none is marked. */
export function noteFor(texts: readonly string[]): { note?: string } {
  return texts.some((text) => text.startsWith(MARK)) ? { note: MARK_NOTE } : {};
}
