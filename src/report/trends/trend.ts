import type { Reason } from "../../result/document/reason.ts";
import type { Run, RunCell } from "../../result/document/run.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { separateSeries } from "../../verdict/separate-series.ts";
import { byCell, byId, cellGroup, cellLabels } from "../text/cell-label.ts";

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

/** Cells that are worth one scale, over the runs that asked for any of them. */
export interface TrendSet {
  title: string;
  /** Oldest first. */
  runs: Run[];
  series: Series[];
  trends: Trend[];
}

interface Question {
  benchmark: RunCell["benchmark"];
  metrics: readonly MetricName[];
}

/**
 * The charts of one benchmark, a set for each group of cells.
 * @param history runs of one context, oldest first
 */
export function trendSets(history: readonly Run[], { benchmark, metrics }: Question): TrendSet[] {
  const runs = separateSeries(history);
  const cells = runs.flatMap((run) => run.cells.filter((cell) => cell.benchmark === benchmark).toSorted(byCell));
  return [...Map.groupBy(cells.toSorted(byCell), cellGroup).keys()].map((title) => {
    const own = new Set(cells.filter((cell) => cellGroup(cell) === title).map(({ id }) => id));
    const asked = runs.filter((run) => run.cells.some((cell) => own.has(cell.id)));
    const series = [...cellLabels(cells.filter(({ id }) => own.has(id)))]
      .map(([id, label], slot) => ({ id, label, slot }))
      .toSorted(byId);
    const trends = metrics.flatMap(statisticsOf).map((shown) => trendOf(asked, series, shown));
    return { title, runs: asked, series, trends };
  });
}

function trendOf(
  runs: readonly Run[],
  series: readonly Series[],
  [metric, statistic]: [MetricName, Statistic?],
): Trend {
  const points = series.map(({ id }) =>
    runs.map((run) => {
      const cell = run.cells.find((one) => one.id === id);
      return cell && pointOf(cell, metric, statistic);
    }),
  );
  if (statistic === undefined) return { key: metric, metric, points };
  return { key: `${metric}-${statistic}`, metric, statistic, points };
}

export function pointOf(cell: RunCell, metric: MetricName, statistic?: Statistic): Point {
  if (cell.status !== "ok") return { status: cell.status, reason: cell.reason };
  const value = cell.metrics[metric];
  return typeof value === "object" ? statistic && value[statistic] : value;
}

/** Whether a chart has anything to draw. */
export function hasValues(trend: Trend): boolean {
  return trend.points.some((row) => row.some((point) => typeof point === "number"));
}

export function gapCount({ points }: Pick<Trend, "points">): number {
  return points.flat().filter((point) => typeof point === "object").length;
}

function statisticsOf(metric: MetricName): [MetricName, Statistic?][] {
  return METRICS[metric].kind === "scalar" ? [[metric]] : STATISTICS.map((statistic) => [metric, statistic]);
}
