import { type Point, pointsOf } from "../database/query/points.ts";
import type { Run } from "../result/document/run.ts";
import { METRICS, type Metric } from "../result/metrics/metric.ts";
import { benchesOf } from "./data-js/data-js.ts";

/**
 * Prometheus text exposition 0.0.4: the newest number of each series as a gauge. Without time stamps, because Prometheus
 * takes no old ones; the time of the run is a gauge of its own.
 */
export function prometheusText(runs: readonly Run[]): string {
  const newest = new Map<string, { metric: Point["metric"]; labels: string; value: number; startedAt: string }>();
  for (const point of runs.flatMap(pointsOf)) {
    const labels = labelsOf(point);
    const { metric, value, startedAt } = point;
    newest.set(`${metric} ${labels}`, { metric, labels, value, startedAt });
  }
  const families = Map.groupBy(newest.values(), ({ metric }) => metric);
  const texts = [...families].map(([metric, samples]) => {
    const { label, description } = METRICS[metric];
    const lines = samples.map(({ labels, value }) => `pitwall_${metric}${labels} ${value}\n`);
    return `${family(`pitwall_${metric}`, `${label}: ${description}`)}${lines.join("")}`;
  });
  const last = runs.at(-1);
  if (last === undefined) return "";
  const seconds = Date.parse(last.startedAt) / 1000;
  const name = "pitwall_last_run_timestamp_seconds";
  return `${texts.join("")}${family(name, "When the newest run began.")}${name} ${seconds}\n`;
}

function family(name: string, help: string): string {
  const escaped = help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return `# HELP ${name} ${escaped}\n# TYPE ${name} gauge\n`;
}

function labelsOf(point: Point): string {
  const { engine, model, quantization, tensorParallel, gpu, host, client, simulated, cell, statistic } = point;
  const { configuration, engineArguments: engine_arguments } = point;
  const labels = { cell, statistic, engine, model, quantization, tensor_parallel: tensorParallel, gpu, host, client };
  const pairs = Object.entries({ ...labels, configuration, engine_arguments, simulated })
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name}="${escapeLabel(String(value))}"`);
  return `{${pairs.join(",")}}`;
}

const escapeLabel = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");

/**
 * The input of github-action-benchmark's tools `customSmallerIsBetter` and `customBiggerIsBetter`: the newest run's
 * numbers of that direction.
 */
export function customBenchmark(runs: readonly Run[], better: Metric["better"]): string {
  const last = runs.at(-1);
  return `${JSON.stringify(last === undefined ? [] : benchesOf(last, better), null, 2)}\n`;
}
