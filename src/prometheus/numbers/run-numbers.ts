import type { Run, RunCell } from "../../result/document/run.ts";
import type { Distribution } from "../../result/metrics/distribution.ts";
import { METRIC_NAMES, METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { contextKey, contextOf } from "../../result/series/series.ts";
import type { Family, Labels } from "../exposition.ts";
import { exposedName } from "./metric-name.ts";

type OkCell = Extract<RunCell, { status: "ok" }>;

/** A cell of a run that has numbers, with that run. */
export interface Measured {
  run: Run;
  cell: OkCell;
}

/** Cells with numbers, of several runs the newest of each; failed and skipped ones have none. */
export function measuredCells(runs: readonly Run[]): Measured[] {
  const newest = new Map<string, Measured>();
  for (const run of runs.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))) {
    const context = contextKey(contextOf(run));
    for (const cell of run.cells) {
      const key = `${context} ${cell.client?.kind} ${cell.id}`;
      // What failed last has no number now, whatever it had before.
      if (cell.status === "ok") newest.set(key, { run, cell });
      else newest.delete(key);
    }
  }
  return [...newest.values()];
}

/** Every number of cells, by names that begin with the prefix. */
export function cellFamilies(cells: readonly Measured[], prefix: string): Family[] {
  return cells.flatMap(({ run, cell }) => {
    const labels = cellLabels(run, cell);
    return METRIC_NAMES.flatMap((metric) => metricFamilies(metric, cell.metrics[metric], { prefix, labels }));
  });
}

function metricFamilies(
  metric: MetricName,
  value: number | Distribution | undefined,
  { prefix, labels }: { prefix: string; labels: Labels },
): Family[] {
  if (value === undefined) return [];
  const numbers = typeof value === "number" ? { value } : value;
  const { label, description } = METRICS[metric];
  return Object.entries(numbers).map(([statistic, number]) => {
    const { name, quantile, divisor } = exposedName(prefix, metric, statistic as keyof Distribution | "value");
    const own = quantile === undefined ? labels : { ...labels, quantile };
    return { name, help: `${label}: ${description}`, samples: [{ labels: own, value: number / divisor }] };
  });
}

/** What tells a number from others beside the labels of its group. */
function cellLabels(run: Run, { id, client }: OkCell): Labels {
  const { engine, gpu, client: usual, tensorParallel, simulated, engineArguments } = contextOf(run);
  return {
    cell: id,
    engine,
    gpu,
    client: client?.kind ?? usual,
    tensor_parallel: String(tensorParallel),
    ...(engineArguments === undefined ? {} : { engine_arguments: engineArguments }),
    ...(simulated ? { simulated: "true" } : {}),
  };
}
