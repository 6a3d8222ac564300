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
  const { engine, model, quantization, tensorParallel, gpu, host, simulated } = contextOf(run);
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

/** Which points to keep; what is absent is not asked about. Texts are parts of names, in any case. */
export interface PointQuery {
  series?: readonly string[] | undefined;
  cell?: string | undefined;
  host?: string | undefined;
  ref?: string | undefined;
  commit?: string | undefined;
  /** Milliseconds since 1970; the first moment that is kept. */
  since?: number | undefined;
  /** The first moment that is no longer kept. */
  until?: number | undefined;
  /** `headline`: the median, else the mean; `all`; or one by name. */
  statistic: string;
}

export function queryPoints(runs: readonly Run[], query: PointQuery): Point[] {
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  return runs
    .filter(({ startedAt }) => Date.parse(startedAt) >= since && Date.parse(startedAt) < until)
    .flatMap((run) => withStatistic(pointsOf(run), query.statistic))
    .filter((point) => matches(point, query));
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

function matches(point: Point, { series, cell, host, ref, commit }: PointQuery): boolean {
  const has = (text: string | null, part: string | undefined) =>
    part === undefined || (text ?? "").toLowerCase().includes(part.toLowerCase());
  return (
    (series === undefined || series.some((part) => has(seriesName(point), part))) &&
    has(point.cell, cell) &&
    has(point.host, host) &&
    has(point.ref, ref) &&
    (commit === undefined || (point.commit ?? "").startsWith(commit.toLowerCase()))
  );
}
