import { type Point, pointsOf } from "../database/query/points.ts";
import { expositionText, type Family, type Labels, seriesKey } from "../prometheus/exposition.ts";
import type { Run } from "../result/document/run.ts";
import { METRICS, type Metric } from "../result/metrics/metric.ts";
import { benchesOf } from "./data-js/data-js.ts";

/**
 * Prometheus' text: the newest number of each series. Without time stamps, because Prometheus takes no old ones; the time
 * of the run is a gauge of its own.
 */
export function prometheusText(runs: readonly Run[]): string {
  const newest = new Map<string, { point: Point; labels: Labels }>();
  for (const point of runs.flatMap(pointsOf)) {
    const labels = labelsOf(point);
    newest.set(`${point.metric} ${seriesKey(labels)}`, { point, labels });
  }
  const families = [...newest.values()].map(({ point: { metric, value }, labels }): Family => {
    const { label, description } = METRICS[metric];
    return { name: `pitwall_${metric}`, help: `${label}: ${description}`, samples: [{ labels, value }] };
  });
  const last = runs.at(-1);
  if (last === undefined) return "";
  const seconds = Date.parse(last.startedAt) / 1000;
  const name = "pitwall_last_run_timestamp_seconds";
  const time = { name, help: "When the newest run began.", samples: [{ labels: {}, value: seconds }] };
  return expositionText([...families, time]);
}

function labelsOf(point: Point): Labels {
  const { engine, model, quantization, tensorParallel, gpu, host, client, simulated, cell, statistic } = point;
  const { configuration, engineArguments: engine_arguments } = point;
  const labels = { cell, statistic, engine, model, quantization, tensor_parallel: tensorParallel, gpu, host, client };
  const told = Object.entries({ ...labels, configuration, engine_arguments, simulated });
  return Object.fromEntries(told.filter(([, value]) => value !== null).map(([name, value]) => [name, String(value)]));
}

/**
 * The input of github-action-benchmark's tools `customSmallerIsBetter` and `customBiggerIsBetter`: the newest run's
 * numbers of that direction.
 */
export function customBenchmark(runs: readonly Run[], better: Metric["better"]): string {
  const last = runs.at(-1);
  return `${JSON.stringify(last === undefined ? [] : benchesOf(last, better), null, 2)}\n`;
}
