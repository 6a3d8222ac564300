import type { RunCell } from "../../result/document/run.ts";
import { type Distribution, PERCENTILES } from "../../result/metrics/distribution.ts";
import { METRIC_NAMES, METRICS, type MetricName, type Metrics } from "../../result/metrics/metric.ts";
import { formatMetric } from "../../result/series/series.ts";
import { noteFor, statisticText } from "../text/statistic-text.ts";

interface MetricRow {
  name: MetricName;
  label: string;
  unit: string;
  /** As wide as `columns`; a scalar stands in the first column alone. */
  values: string[];
}

export interface MetricTable {
  columns: string[];
  rows: MetricRow[];
  /** Explains a mark in the values. */
  note?: string;
}

type StatisticName = keyof Distribution;
const STATISTIC_NAMES: StatisticName[] = [
  "mean",
  "std",
  ...PERCENTILES.map((percent) => `p${percent}` as const),
  "count",
];

/**
 * Every metric of a cell that has a value; only the statistics that at least one of them has.
 * @param repeats measurements that the metrics stand for
 */
export function metricTable(metrics: Metrics, repeats = 1): MetricTable {
  const names = METRIC_NAMES.filter((name) => metrics[name] !== undefined);
  const used = STATISTIC_NAMES.filter((statistic) =>
    names.some((name) => statisticOf(metrics, name, statistic) !== undefined),
  );
  const rows = names.map((name): MetricRow => {
    const { label, unit } = METRICS[name];
    const value = metrics[name];
    if (typeof value === "number") return { name, label, unit, values: [formatMetric(name, value)] };
    return { name, label, unit, values: used.map((statistic) => statisticText(name, statistic, value, repeats)) };
  });
  return { columns: used.length > 0 ? used : ["value"], rows, ...noteFor(rows.flatMap(({ values }) => values)) };
}

function distributionOf(metrics: Metrics, name: MetricName): Distribution | undefined {
  const value = metrics[name];
  return typeof value === "object" ? value : undefined;
}

function statisticOf(metrics: Metrics, name: MetricName, statistic: StatisticName): number | undefined {
  return distributionOf(metrics, name)?.[statistic];
}

export interface StatisticTable {
  columns: string[];
  rows: { cell: RunCell; values: string[] }[];
  /** Explains a mark in the values. */
  note?: string;
}

/**
 * Cells whose only metric is the same distribution, as one table: a row a cell, a column a statistic.
 * @returns undefined when some cell holds another metric, or none has numbers
 */
export function statisticTable(cells: readonly RunCell[], metric: MetricName): StatisticTable | undefined {
  const measured = cells.filter((cell) => cell.status === "ok");
  const alone = measured.every((cell) =>
    METRIC_NAMES.every((name) => (cell.metrics[name] !== undefined) === (name === metric)),
  );
  if (measured.length === 0 || !alone) return undefined;
  const columns = STATISTIC_NAMES.filter((statistic) =>
    measured.some((cell) => statisticOf(cell.metrics, metric, statistic) !== undefined),
  );
  const rows = measured.map((cell) => ({
    cell,
    values: columns.map((statistic) =>
      statisticText(metric, statistic, distributionOf(cell.metrics, metric), cell.repeats?.count),
    ),
  }));
  return { columns, rows, ...noteFor(rows.flatMap(({ values }) => values)) };
}
