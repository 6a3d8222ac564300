import { METRICS } from "../../result/metrics/metric.ts";
import type { Point, Series, TrendSet } from "./trend.ts";

/**
 * What the browser needs to draw the charts of one context, as columns over the same runs.
 * A value is a number, a sentence for a gap, or null where the run did not ask for the cell.
 */
export interface ChartData {
  runs: { time: number[]; commit: (string | null)[]; version: (string | null)[]; href: string[] };
  series: Series[];
  charts: Record<string, { unit: string; values: (number | string | null)[][] }>;
}

/** @param href address of a run's page */
export function chartData({ runs, series, trends }: TrendSet, href: (runId: string) => string): ChartData {
  return {
    runs: {
      time: runs.map((run) => Date.parse(run.startedAt)),
      commit: runs.map((run) => run.trigger.commit?.slice(0, 7) ?? null),
      version: runs.map((run) => run.engine.version),
      href: runs.map((run) => href(run.id)),
    },
    series,
    charts: Object.fromEntries(
      trends.map(({ key, metric, points }) => [
        key,
        { unit: METRICS[metric].unit, values: points.map((row) => row.map(plain)) },
      ]),
    ),
  };
}

function plain(point: Point): number | string | null {
  if (point === undefined) return null;
  // Six digits are more than a chart or its tooltip shows, and half the bytes.
  return typeof point === "number" ? Number(point.toPrecision(6)) : `${point.status}: ${point.reason}`;
}
