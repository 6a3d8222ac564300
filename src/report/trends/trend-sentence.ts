import { METRICS } from "../../result/metrics/metric.ts";
import { formatMetric } from "../../result/series/series.ts";
import { gapCount, type Point, type Trend, type TrendSet } from "./trend.ts";

/** What a chart shows, for those who don't see it. */
export function trendSentence({ runs, series }: TrendSet, { metric, statistic, points }: Trend): string {
  const { label, unit } = METRICS[metric];
  const what = statistic === undefined ? label : `${label}, ${statistic}`;
  const first = runs[0]!.startedAt.slice(0, 10);
  const last = runs.at(-1)!.startedAt.slice(0, 10);
  const newest = series.map((line, index) => `${line.label} ${pointText(metric, points[index]!.at(-1))}`);
  const gaps = gapCount({ points });
  return [
    `Line chart of ${what}, in ${unit}, over ${runs.length} ${runs.length === 1 ? "run" : "runs"} from ${first} to ${last}.`,
    `Newest run: ${newest.join(", ")}.`,
    ...(gaps === 0 ? [] : [`${gaps} ${gaps === 1 ? "gap" : "gaps"}.`]),
  ].join(" ");
}

function pointText(metric: Trend["metric"], point: Point): string {
  if (point === undefined) return "not measured";
  return typeof point === "number" ? formatMetric(metric, point) : point.status;
}
