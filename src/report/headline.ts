import { percentile } from "../result/distribution.ts";
import { METRICS, type MetricName } from "../result/metric.ts";
import type { Run, RunCell } from "../result/run.ts";
import { headline } from "../result/series.ts";
import { byCellId, cellLabels } from "./cell-label.ts";
import type { Gap, Point } from "./trend.ts";

/** Earlier runs whose median a new number is held against. */
export const BASELINE_RUNS = 10;
/** Runs that a sparkline shows. */
export const TRAIL_RUNS = 30;

export interface Change {
  /** Relative to the median of the earlier runs: 0.02 is 2 % more. */
  ratio: number;
  baseline: number;
  baselineRuns: number;
  /** Beyond the metric's tolerance, and which way. */
  judgement: "better" | "worse" | "same";
}

export interface HeadlineNumber {
  metric: MetricName;
  now: Point;
  /** Absent without a number now, or without an earlier one. */
  change?: Change;
  /** Oldest first, `now` last. */
  trail: Point[];
}

export interface HeadlineRow {
  id: string;
  label: string;
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
  "latency-sweep": ["latency_s"],
  "serve-benchmark": ["total_token_throughput_tok_s", "ttft_ms", "tpot_ms", "itl_ms"],
} as const satisfies Record<RunCell["benchmark"], MetricName[]>;

/** For narrow columns. */
export const SHORT_LABELS: Partial<Record<MetricName, string>> = {
  latency_s: "Latency",
  total_token_throughput_tok_s: "Throughput",
  ttft_ms: "TTFT",
  tpot_ms: "TPOT",
  itl_ms: "ITL",
};

/**
 * The newest numbers of a benchmark beside those before.
 * @param runs of one context, oldest first
 * @returns undefined when no run measured this benchmark
 */
export function headlines(runs: readonly Run[], benchmark: RunCell["benchmark"]): Headlines | undefined {
  const newest = runs.findLastIndex((run) => run.cells.some((cell) => cell.benchmark === benchmark));
  const run = runs[newest];
  if (run === undefined) return undefined;
  const metrics: MetricName[] = [...SHOWN[benchmark]];
  const earlier = runs.slice(0, newest);
  const cells = run.cells.filter((cell) => cell.benchmark === benchmark).toSorted(byCellId);
  const labels = cellLabels(cells);
  const rows = cells.map((cell) => ({
    id: cell.id,
    label: labels.get(cell.id)!,
    ...(cell.status === "ok" ? {} : { gap: { status: cell.status, reason: cell.reason } }),
    numbers: metrics.map((metric) => headlineNumber(cell, metric, earlier)),
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
  const before = earlier
    .flatMap((run) => run.cells.filter(({ id }) => id === cell.id))
    .map((old) => numberOf(old, metric));
  const now = numberOf(cell, metric);
  const trail = [...before, now].slice(-TRAIL_RUNS);
  const numbers = before.filter((point) => typeof point === "number").slice(-BASELINE_RUNS);
  if (typeof now !== "number" || numbers.length === 0) return { metric, now, trail };
  return { metric, now, trail, change: changeOf(metric, now, numbers) };
}

function numberOf(cell: RunCell, metric: MetricName): Point {
  return cell.status === "ok" ? headline(cell.metrics, metric) : { status: cell.status, reason: cell.reason };
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
