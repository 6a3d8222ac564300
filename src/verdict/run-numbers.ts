import type { Run, RunCell } from "../result/document/run.ts";
import { METRICS, type MetricName } from "../result/metrics/metric.ts";
import type { RunNumber } from "./level.ts";

/** What a series is judged by: the median where the newest numbers have one, else the mean; never one held against the other. */
export function statisticFor(cells: readonly RunCell[], metric: MetricName): "p50" | "mean" | undefined {
  if (METRICS[metric].kind === "scalar") return undefined;
  const newest = cells.findLast((cell) => cell.status === "ok" && cell.metrics[metric] !== undefined);
  const value = newest?.status === "ok" ? newest.metrics[metric] : undefined;
  return typeof value === "object" && value.p50 === undefined && value.mean !== undefined ? "mean" : "p50";
}

/** A cell of a run. */
export interface RunOfCell {
  run: Pick<Run, "id" | "startedAt" | "trigger">;
  cell: RunCell;
}

/** The newest runs' cells of an id, oldest first; stops looking when it has them, however long the history. */
export function newestCells(runs: readonly Run[], id: string, most: number): RunOfCell[] {
  const found: RunOfCell[] = [];
  for (let index = runs.length - 1; index >= 0 && found.length < most; index--) {
    const run = runs[index]!;
    const cell = run.cells.find((one) => one.id === id);
    if (cell !== undefined) found.push({ run, cell });
  }
  return found.reverse();
}

/** The numbers of one metric; a cell without it has none. */
export function numbersOf(cells: readonly RunOfCell[], metric: MetricName): RunNumber[] {
  const statistic = statisticFor(
    cells.map(({ cell }) => cell),
    metric,
  );
  return cells.flatMap(({ run, cell }) => {
    const value = cell.status === "ok" ? cell.metrics[metric] : undefined;
    const number = typeof value === "object" ? statistic && value[statistic] : value;
    return number === undefined ? [] : [{ run: run.id, at: Date.parse(run.startedAt), value: number }];
  });
}
