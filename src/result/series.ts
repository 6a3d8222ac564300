import { METRICS, type MetricName, type Metrics } from "./metric.ts";
import type { RunHead } from "./run.ts";
import { formatInUnit } from "./unit.ts";

/** All that must be equal before two numbers may be compared. Engine version and commit are the x axis: not in here. */
export interface SeriesContext {
  engine: string;
  model: string;
  quantization: string | null;
  tensorParallel: number;
  gpu: string;
  host: string;
  simulated: boolean;
  client: string;
  /** Set apart from other runs by their settings, as in an experiment; absent where nobody did. */
  configuration?: string;
  /** Of an engine that was shrunk: it had another max_model_len than the others of its series. */
  maxModelLen?: number;
}

export function contextOf(run: RunHead): SeriesContext {
  return {
    engine: run.engine.kind,
    model: run.model.name,
    quantization: run.model.quantization,
    tensorParallel: run.model.tensorParallel,
    gpu: run.host.gpu === null ? "no GPU" : `${run.host.gpuCount} × ${run.host.gpu}`,
    host: run.host.label,
    simulated: run.simulated,
    client: run.client.kind,
    // Absent, not null: the keys of series without one stay what they were.
    ...(run.configuration === undefined ? {} : { configuration: run.configuration }),
    ...(run.engine.shrunk === undefined ? {} : { maxModelLen: run.engine.shrunk.to }),
  };
}

export function contextKey(context: SeriesContext): string {
  return JSON.stringify(Object.values(context));
}

/** Statistic that stands for a metric in one number: the median of a distribution, the scalar itself. */
export function headline(metrics: Metrics, name: MetricName): number | undefined {
  const value = metrics[name];
  if (value === undefined) return undefined;
  return typeof value === "number" ? value : (value.p50 ?? value.mean);
}

export function formatMetric(name: MetricName, value: number | undefined): string {
  return value === undefined ? "–" : formatInUnit(value, METRICS[name].unit);
}
