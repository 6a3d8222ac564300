import type { Run, RunHead } from "../../result/document/run.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { contextOf } from "../../result/series/series.ts";
import { type Column, numbersOf, type RunNumbers, type Shape } from "./numbers.ts";

/** One number of the history, with all that tells it from others. */
export interface Point {
  startedAt: string;
  run: string;
  commit: string | null;
  ref: string | null;
  engine: string;
  engineVersion: string | null;
  model: string;
  quantization: string | null;
  tensorParallel: number;
  gpu: string;
  host: string;
  client: string;
  configuration: string | null;
  /** Those that can change a number. */
  engineArguments: string | null;
  simulated: boolean;
  cell: string;
  metric: MetricName;
  /** `value` for a metric that is one number. */
  statistic: string;
  value: number;
  unit: string;
}

/** Every number of a run, cell by cell in the document's order. */
export function pointsOf(run: Run): Point[] {
  const numbers = numbersOf(run);
  return pointsAt(numbers, [...numbers.shape.columns.keys()]);
}

/** Those of a run's numbers, by their places among its columns. */
function pointsAt(run: RunNumbers, places: readonly number[]): Point[] {
  if (places.length === 0) return [];
  const { configuration = null, engineArguments = null, maxModelLen: _, ...context } = contextOf(run);
  return places.map((place) => {
    const { cell, metric, statistic } = run.shape.columns[place]!;
    const { id, client: ownClient } = run.shape.cells[cell]!;
    return {
      startedAt: run.startedAt,
      run: run.id,
      commit: run.trigger.commit,
      ref: run.trigger.ref,
      ...context,
      engineVersion: run.engine.version,
      client: ownClient ?? context.client,
      configuration,
      engineArguments,
      cell: id,
      metric,
      statistic,
      value: run.values[place]!,
      unit: statistic === "count" ? "samples" : METRICS[metric].unit,
    };
  });
}

/** The name of a point's series for people: `latency-sweep/in_512_out_128_bs_1 latency_s.p50`. */
export function seriesName({ cell, metric, statistic }: Pick<Point, "cell" | "metric" | "statistic">): string {
  return statistic === "value" ? `${cell} ${metric}` : `${cell} ${metric}.${statistic}`;
}

/** Which runs to keep; what is absent is not asked about. Texts are parts of names, in any case. */
export interface RunQuery {
  host?: string | undefined;
  ref?: string | undefined;
  commit?: string | undefined;
  /** Milliseconds since 1970; the first moment that is kept. */
  since?: number | undefined;
  /** The first moment that is no longer kept. */
  until?: number | undefined;
}

/** Which of their points. */
export interface PointQuery extends RunQuery {
  series?: readonly string[] | undefined;
  cell?: string | undefined;
  /** `headline`: the median, else the mean; `all`; or one by name. */
  statistic: string;
}

export function queryRuns<R extends RunHead>(runs: readonly R[], query: RunQuery): R[] {
  return runs.filter((run) => isWanted(run, query));
}

function isWanted({ startedAt, trigger, host: { label } }: RunHead, query: RunQuery): boolean {
  const { host, ref, commit, since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  const moment = Date.parse(startedAt);
  const isOfCommit = commit === undefined || (trigger.commit ?? "").startsWith(commit.toLowerCase());
  return moment >= since && moment < until && isOfCommit && has(label, host) && has(trigger.ref, ref);
}

export function queryPoints(runs: readonly RunNumbers[], query: PointQuery): Point[] {
  // Thousands of runs have the same columns: a shape that several share is looked through once.
  const known = new Map<Shape, number[]>();
  return queryRuns(runs, query).flatMap((run) => {
    const places = known.get(run.shape) ?? placesOf(run.shape, query);
    known.set(run.shape, places);
    return pointsAt(run, places);
  });
}

/** Where the wanted ones are among the columns. */
function placesOf({ cells, columns }: Shape, { series, cell, statistic }: PointQuery): number[] {
  const isStatistic = statisticFilter(columns, statistic);
  return columns.flatMap((column, place) => {
    const { id } = cells[column.cell]!;
    const isSeries = series?.some((part) => has(seriesName({ ...column, cell: id }), part)) ?? true;
    return isStatistic(column) && has(id, cell) && isSeries ? [place] : [];
  });
}

function has(text: string | null, part: string | undefined): boolean {
  return part === undefined || (text ?? "").toLowerCase().includes(part.toLowerCase());
}

function statisticFilter(columns: readonly Column[], wanted: string): (column: Column) => boolean {
  if (wanted === "all") return () => true;
  if (wanted !== "headline") return ({ statistic }) => statistic === wanted;
  const medians = new Set(columns.filter(({ statistic }) => statistic === "p50").map(metricKey));
  return (column) =>
    column.statistic === "value" ||
    column.statistic === "p50" ||
    (column.statistic === "mean" && !medians.has(metricKey(column)));
}

const metricKey = ({ cell, metric }: Column) => `${cell} ${metric}`;
