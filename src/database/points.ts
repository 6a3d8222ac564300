import { METRICS, type MetricName } from "../result/metric.ts";
import type { Run, RunCell } from "../result/run.ts";
import { contextOf } from "../result/series.ts";

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
  return run.cells.flatMap((cell) => (cell.status === "ok" ? cellPoints(run, cell) : []));
}

function cellPoints(run: Run, cell: Extract<RunCell, { status: "ok" }>): Point[] {
  const { engine, model, quantization, tensorParallel, gpu, host, simulated, configuration } = contextOf(run);
  const common = {
    startedAt: run.startedAt,
    run: run.id,
    commit: run.trigger.commit,
    ref: run.trigger.ref,
    engine,
    engineVersion: run.engine.version,
    model,
    quantization,
    tensorParallel,
    gpu,
    host,
    client: (cell.client ?? run.client).kind,
    configuration: configuration ?? null,
    simulated,
    cell: cell.id,
  };
  return (Object.keys(cell.metrics) as MetricName[]).flatMap((metric) => {
    const { unit } = METRICS[metric];
    const found = cell.metrics[metric];
    const statistics = typeof found === "number" ? { value: found } : (found ?? {});
    return Object.entries(statistics).map(([statistic, value]) => ({
      ...common,
      metric,
      statistic,
      value,
      unit: statistic === "count" ? "samples" : unit,
    }));
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

export function queryRuns(runs: readonly Run[], { host, ref, commit, since, until }: RunQuery): Run[] {
  const from = since ?? Number.NEGATIVE_INFINITY;
  const to = until ?? Number.POSITIVE_INFINITY;
  return runs.filter(({ startedAt, trigger, host: { label } }) => {
    const moment = Date.parse(startedAt);
    const isOfCommit = commit === undefined || (trigger.commit ?? "").startsWith(commit.toLowerCase());
    return moment >= from && moment < to && isOfCommit && has(label, host) && has(trigger.ref, ref);
  });
}

export function queryPoints(runs: readonly Run[], { series, cell, statistic, ...query }: PointQuery): Point[] {
  return queryRuns(runs, query)
    .flatMap((run) => withStatistic(pointsOf(run), statistic))
    .filter((point) => has(point.cell, cell) && (series?.some((part) => has(seriesName(point), part)) ?? true));
}

function has(text: string | null, part: string | undefined): boolean {
  return part === undefined || (text ?? "").toLowerCase().includes(part.toLowerCase());
}

function withStatistic(points: Point[], statistic: string): Point[] {
  if (statistic === "all") return points;
  if (statistic !== "headline") return points.filter((point) => point.statistic === statistic);
  const medians = new Set(points.filter((point) => point.statistic === "p50").map(metricKey));
  return points.filter(
    (point) =>
      point.statistic === "value" ||
      point.statistic === "p50" ||
      (point.statistic === "mean" && !medians.has(metricKey(point))),
  );
}

const metricKey = ({ cell, metric }: Point) => `${cell} ${metric}`;
