import { METRICS, type MetricName } from "../result/metric.ts";
import type { Reason } from "../result/reason.ts";
import type { Run, RunCell } from "../result/run.ts";
import { formatMetric } from "../result/series.ts";
import { byCellId, cellLabels } from "./cell-label.ts";
import type { History } from "./history.ts";

export const STATISTICS = ["mean", "p50", "p90", "p99"] as const;
export type Statistic = (typeof STATISTICS)[number];

/** A cell that was asked for and has no numbers. */
export interface Gap {
  status: "failed" | "skipped";
  reason: Reason;
}
/** undefined: the run did not ask for this cell, or its tool did not report this statistic. */
export type Point = number | Gap | undefined;

export interface Series {
  id: string;
  label: string;
  /** Position of first appearance in the history: a colour that stays when later runs add cells. */
  slot: number;
}

/** One chart: a statistic of a metric, `points[series][run]`. */
export interface Trend {
  key: string;
  metric: MetricName;
  /** Absent for scalar metrics. */
  statistic?: Statistic;
  points: Point[][];
}

export interface TrendSet {
  /** Oldest first. */
  runs: Run[];
  series: Series[];
  trends: Trend[];
}

/** The charts of one benchmark in one context; a metric without a single value in it is left out. */
export function trendSet(history: History, benchmark: RunCell["benchmark"], metrics: readonly MetricName[]): TrendSet {
  const { runs } = history;
  const series = seriesOf(runs, benchmark);
  const cells = series.map(({ id }) => runs.map((run) => run.cells.find((cell) => cell.id === id)));
  const trends = metrics.flatMap(statisticsOf).map(
    ([metric, statistic]): Trend => ({
      key: statistic === undefined ? metric : `${metric}-${statistic}`,
      metric,
      ...(statistic === undefined ? {} : { statistic }),
      points: cells.map((row) => row.map((cell) => pointOf(cell, metric, statistic))),
    }),
  );
  return { runs, series, trends };
}

/** Whether a chart has anything to draw. */
export function hasValues(trend: Trend): boolean {
  return trend.points.some((row) => row.some((point) => typeof point === "number"));
}

export function pointOf(cell: RunCell | undefined, metric: MetricName, statistic?: Statistic): Point {
  if (cell === undefined) return undefined;
  if (cell.status !== "ok") return { status: cell.status, reason: cell.reason };
  const value = cell.metrics[metric];
  return typeof value === "object" ? statistic && value[statistic] : value;
}

function seriesOf(runs: readonly Run[], benchmark: RunCell["benchmark"]): Series[] {
  const cells = runs.flatMap((run) => run.cells.filter((cell) => cell.benchmark === benchmark).toSorted(byCellId));
  return [...cellLabels(cells)].map(([id, label], slot) => ({ id, label, slot })).toSorted(byCellId);
}

function statisticsOf(metric: MetricName): [MetricName, Statistic?][] {
  return METRICS[metric].kind === "scalar" ? [[metric]] : STATISTICS.map((statistic) => [metric, statistic]);
}

export function gapCount(trend: Trend): number {
  return trend.points.flat().filter((point) => typeof point === "object").length;
}

/** What a chart shows, for those who don't see it. */
export function trendSentence({ runs, series }: TrendSet, { metric, statistic, points }: Trend): string {
  const { label, unit } = METRICS[metric];
  const first = runs[0]!.startedAt.slice(0, 10);
  const last = runs.at(-1)!.startedAt.slice(0, 10);
  const newest = series.map((line, index) => {
    const point = points[index]!.at(-1);
    if (typeof point === "object") return `${line.label} ${point.status}`;
    return `${line.label} ${point === undefined ? "not measured" : formatMetric(metric, point)}`;
  });
  const gaps = gapCount({ metric, points, key: "" });
  return [
    `Line chart of ${label}${statistic === undefined ? "" : `, ${statistic}`}, in ${unit}, over ${runs.length} runs from ${first} to ${last}.`,
    `Newest run: ${newest.join(", ")}.`,
    ...(gaps === 0 ? [] : [`${gaps} gaps.`]),
  ].join(" ");
}
