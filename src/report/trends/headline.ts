import type { Run, RunCell } from "../../result/document/run.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { present } from "../../result/present.ts";
import { type AcceptedChange, restartsOf } from "../../verdict/accepted.ts";
import { type Direction, type Standing, standingOf } from "../../verdict/level.ts";
import { newestCells, numbersOf, type RunOfCell, statisticFor } from "../../verdict/run-numbers.ts";
import { separateSeries } from "../../verdict/separate-series.ts";
import { byCell, cellLabels } from "../text/cell-label.ts";
import type { History } from "./history.ts";
import { type Gap, type Point, pointOf } from "./trend.ts";

/** Newest runs in which a cell must have been asked for to be shown. */
const SHOWN_RUNS = 10;
/** Earlier runs of a cell that a number is judged by; more would make the pages of a long history slow. */
const JUDGED_RUNS = 120;
/** Runs that a sparkline shows. */
const TRAIL_RUNS = 30;

export interface HeadlineNumber {
  metric: MetricName;
  /** Absent for scalar metrics. */
  statistic?: "p50" | "mean";
  now: Point;
  /** Absent without a number now. */
  standing?: Standing;
  /** Oldest first, `now` last. */
  trail: Point[];
}

interface HeadlineRow {
  /** Id of the cell. */
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
  "check-functional": ["conforming_fraction", "conforms", "deviates"],
  "check-accuracy": ["score", "score_low", "score_high"],
  evaluate: ["resolved_fraction", "resolved", "evaluated"],
  compare: ["ratio", "ratio_low", "ratio_high"],
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
 * @param window newest runs of the benchmark whose cells are shown, each as its own newest run has it: jobs that measure
 *   different cells take turns in a history, and a cell that nobody asks for any more drops out
 * @returns undefined when no run measured this benchmark
 */
export function headlines(
  { runs: all, accepted }: Pick<History, "runs" | "accepted">,
  benchmark: RunCell["benchmark"],
  window = SHOWN_RUNS,
): Headlines | undefined {
  const runs = separateSeries(all);
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
    .map(({ cell, run }) => {
      const earlier = asked.slice(0, asked.indexOf(run)).filter(({ trigger }) => trigger.ref === run.trigger.ref);
      const cells = [...newestCells(earlier, cell.id, JUDGED_RUNS), { run, cell }];
      return {
        id: cell.id,
        label: labels.get(cell.id)!,
        run,
        ...(cell.status === "ok" ? {} : { gap: { status: cell.status, reason: cell.reason } }),
        numbers: metrics.map((metric) => headlineNumber(cells, metric, accepted)),
      };
    });
  return { benchmark, run, metrics, rows };
}

export type Tally = Record<Direction | "gap", number>;

/** How many numbers got better or worse for two runs or more, and how many cells have none. */
export function tally(all: readonly (Headlines | undefined)[]): Tally {
  const counts: Tally = { better: 0, worse: 0, gap: 0 };
  for (const { gap, numbers } of all.flatMap((one) => one?.rows ?? [])) {
    if (gap !== undefined) counts.gap++;
    for (const { standing } of numbers) if (standing?.kind === "changed") counts[standing.direction]++;
  }
  return counts;
}

/** `+5.3 %`, `−0.4 %`, `0.0 %` */
export function percentText(ratio: number): string {
  const size = Math.abs(ratio * 100).toFixed(1);
  const sign = Number(size) === 0 ? "" : ratio < 0 ? "−" : "+";
  return `${sign}${size} %`;
}

/** @param cells of one id and one git ref, oldest first, not empty */
function headlineNumber(
  cells: readonly RunOfCell[],
  metric: MetricName,
  accepted: readonly AcceptedChange[],
): HeadlineNumber {
  const { run, cell } = cells.at(-1)!;
  const statistic = statisticFor(
    cells.map(({ cell }) => cell),
    metric,
  );
  const trail = cells.slice(-TRAIL_RUNS).map(({ cell }) => pointOf(cell, metric, statistic));
  const now = trail.at(-1);
  const number = { metric, now, trail, ...present({ statistic }) };
  if (typeof now !== "number") return number;
  const restarts = restartsOf({ cell: cell.id, metric, ref: run.trigger.ref }, accepted);
  const standing = standingOf(numbersOf(cells, metric), METRICS[metric], restarts);
  return { ...number, standing };
}
