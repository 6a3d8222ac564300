import { percentile } from "../result/distribution.ts";
import { METRICS, type MetricName } from "../result/metric.ts";
import type { Run, RunCell } from "../result/run.ts";
import { byCell, cellLabels } from "./cell-label.ts";
import { separateSeries } from "./separate-series.ts";
import { type Gap, type Point, pointOf } from "./trend.ts";

/** Earlier runs whose median a new number is held against. */
const BASELINE_RUNS = 10;
/** Runs that a sparkline shows. */
const TRAIL_RUNS = 30;

interface Change {
  /** Relative to the median of the earlier runs: 0.02 is 2 % more. */
  ratio: number;
  baseline: number;
  baselineRuns: number;
  /** Beyond the metric's tolerance, and which way. */
  judgement: "better" | "worse" | "same";
}

export interface HeadlineNumber {
  metric: MetricName;
  /** Absent for scalar metrics. */
  statistic?: "p50" | "mean";
  now: Point;
  /** Absent without a number now, or without an earlier one. */
  change?: Change;
  /** Oldest first, `now` last. */
  trail: Point[];
}

interface HeadlineRow {
  /** Of the cell. */
  id: string;
  label: string;
  /** The newest run that asked for this cell. */
  run: Run;
  gap?: Gap;
  numbers: HeadlineNumber[];
}

export interface Headlines {
  benchmark: RunCell["benchmark"];
  /** The newest run that asked for this benchmark. */
  run: Run;
  metrics: MetricName[];
  rows: HeadlineRow[];
}

const SHOWN = {
  "startup-benchmark": ["startup_s", "model_load_s", "compile_s", "graph_capture_s"],
  "latency-sweep": ["latency_s"],
  "throughput-benchmark": ["total_token_throughput_tok_s", "output_throughput_tok_s", "request_throughput_req_s"],
  "serve-benchmark": ["total_token_throughput_tok_s", "ttft_ms", "tpot_ms", "itl_ms"],
} as const satisfies Record<RunCell["benchmark"], MetricName[]>;

/** For narrow columns. */
export const SHORT_LABELS: Partial<Record<MetricName, string>> = {
  startup_s: "Start",
  model_load_s: "Model",
  compile_s: "Compile",
  graph_capture_s: "Graphs",
  latency_s: "Latency",
  output_throughput_tok_s: "Output",
  request_throughput_req_s: "Requests",
  total_token_throughput_tok_s: "Throughput",
  ttft_ms: "TTFT",
  tpot_ms: "TPOT",
  itl_ms: "ITL",
};

/**
 * The newest numbers of a benchmark beside those before.
 * @param history runs of one context, oldest first
 * @param window newest runs of the benchmark whose cells are shown, each as its own newest run has it: jobs that measure
 *   different cells take turns in a history, and a cell that nobody asks for any more drops out
 * @returns undefined when no run measured this benchmark
 */
export function headlines(
  history: readonly Run[],
  benchmark: RunCell["benchmark"],
  window = BASELINE_RUNS,
): Headlines | undefined {
  const runs = separateSeries(history);
  const cellsOf = (run: Run) => run.cells.filter((cell) => cell.benchmark === benchmark);
  const asked = runs.filter((run) => cellsOf(run).length > 0);
  const run = asked.at(-1);
  if (run === undefined) return undefined;
  const newest = new Map(
    asked.slice(-window).flatMap((run) => cellsOf(run).map((cell) => [cell.id, { cell, run }] as const)),
  );
  const metrics: MetricName[] = [...SHOWN[benchmark]];
  const labels = cellLabels([...newest.values()].map(({ cell }) => cell));
  const rows = [...newest.values()]
    .toSorted((a, b) => byCell(a.cell, b.cell))
    .map(({ cell, run }) => ({
      id: cell.id,
      label: labels.get(cell.id)!,
      run,
      ...(cell.status === "ok" ? {} : { gap: { status: cell.status, reason: cell.reason } }),
      numbers: metrics.map((metric) => headlineNumber(cell, metric, asked.slice(0, asked.indexOf(run)))),
    }));
  return { benchmark, run, metrics, rows };
}

export type Tally = Record<Change["judgement"] | "gap", number>;

/** How many numbers got better or worse, and how many cells have none. */
export function tally(all: readonly (Headlines | undefined)[]): Tally {
  const counts: Tally = { better: 0, worse: 0, same: 0, gap: 0 };
  for (const { gap, numbers } of all.flatMap((one) => one?.rows ?? [])) {
    if (gap !== undefined) counts.gap++;
    for (const { change } of numbers) if (change !== undefined) counts[change.judgement]++;
  }
  return counts;
}

/** `+5.3 %`, `−0.4 %`, `0.0 %` */
export function percentText(ratio: number): string {
  const size = Math.abs(ratio * 100).toFixed(1);
  const sign = Number(size) === 0 ? "" : ratio < 0 ? "−" : "+";
  return `${sign}${size} %`;
}

function headlineNumber(cell: RunCell, metric: MetricName, earlier: readonly Run[]): HeadlineNumber {
  const before = newestCells(earlier, cell.id, TRAIL_RUNS - 1);
  const statistic = statisticFor([...before, cell], metric);
  const now = pointOf(cell, metric, statistic);
  const trail = [...before, cell].map((one) => pointOf(one, metric, statistic));
  const numbers = before
    .map((one) => pointOf(one, metric, statistic))
    .filter((point) => typeof point === "number")
    .slice(-BASELINE_RUNS);
  const number = { metric, now, trail, ...(statistic === undefined ? {} : { statistic }) };
  if (typeof now !== "number" || numbers.length === 0) return number;
  return { ...number, change: changeOf(metric, now, numbers) };
}

/** The last few runs' cells of an id, oldest first; stops looking when it has them, however long the history. */
function newestCells(runs: readonly Run[], id: string, most: number): RunCell[] {
  const found: RunCell[] = [];
  for (let index = runs.length - 1; index >= 0 && found.length < most; index--) {
    const cell = runs[index]!.cells.find((one) => one.id === id);
    if (cell !== undefined) found.unshift(cell);
  }
  return found;
}

/** The newest numbers decide: the median where it was reported, else the mean; never one held against the other. */
function statisticFor(cells: readonly RunCell[], metric: MetricName): "p50" | "mean" | undefined {
  if (METRICS[metric].kind === "scalar") return undefined;
  const newest = cells.findLast((cell) => cell.status === "ok" && cell.metrics[metric] !== undefined);
  return newest !== undefined && typeof pointOf(newest, metric, "p50") !== "number" ? "mean" : "p50";
}

function changeOf(metric: MetricName, now: number, before: readonly number[]): Change {
  const { better, tolerance } = METRICS[metric];
  const baseline = percentile(
    before.toSorted((a, b) => a - b),
    50,
  );
  const ratio = baseline === 0 ? 0 : now / baseline - 1;
  const within = Math.abs(ratio) <= tolerance || better === "neither";
  const judgement = within ? "same" : ratio > 0 === (better === "higher") ? "better" : "worse";
  return { ratio, baseline, baselineRuns: before.length, judgement };
}
