import { METRIC_NAMES, METRICS, type MetricName } from "../result/metric.ts";
import type { Run, RunCell } from "../result/run.ts";
import { contextKey, contextOf } from "../result/series.ts";
import { type AcceptedChange, acceptedFor, restartsOf, seriesNameOf } from "./accepted.ts";
import { type Standing, standingOf } from "./level.ts";
import { newestCells, samplesOf } from "./samples.ts";
import { separateSeries } from "./separate-series.ts";

/** One number of a run beside those before it. */
export interface SeriesVerdict {
  cell: string;
  metric: MetricName;
  value: number;
  standing: Standing;
}

/** From worst to best; `unjudged`: no series has enough numbers yet. */
type RunStatus = "regressed" | "suspected" | "improved" | "steady" | "unjudged";

export interface RunVerdict {
  status: RunStatus;
  /** Runs that it was held against. */
  baselineRuns: number;
  /** Every judged number, in the order of the run's cells. */
  series: SeriesVerdict[];
}

export interface Past {
  /** Everything on the data branch as readers show it, oldest first. */
  runs: readonly Run[];
  accepted: readonly AcceptedChange[];
}

/** Says something about the client or the length of the test, not about the engine. */
const NOT_THE_ENGINE: ReadonlySet<MetricName> = new Set(["client_queue_ms"]);
const JUDGED = METRIC_NAMES.filter((name) => METRICS[name].better !== "neither" && !NOT_THE_ENGINE.has(name));

/** Runs that a run may be held against: of its context and a git ref, started before it. */
function baselineRuns(run: Run, runs: readonly Run[], ref: string | null): Run[] {
  const own = contextKey(contextOf(run));
  const start = Date.parse(run.startedAt);
  return runs.filter(
    (other) =>
      other.id !== run.id &&
      other.trigger.ref === ref &&
      Date.parse(other.startedAt) <= start &&
      contextKey(contextOf(other)) === own,
  );
}

/**
 * Holds every number of a run against those of earlier runs.
 * @param ref git ref whose runs are the baseline, as in refs/heads/main; null: those without one
 */
export function judgeRun(run: Run, past: Past, ref: string | null): RunVerdict {
  const earlier = baselineRuns(run, past.runs, ref);
  const accepted = acceptedFor(run, past.accepted);
  const [own, ...others] = separateSeries([...earlier, run]).toReversed();
  const before = others.toReversed();
  const series = own!.cells.flatMap((cell) => judgeCell(own!, cell, before, accepted));
  return { status: statusOf(series), baselineRuns: earlier.length, series };
}

function judgeCell(
  run: Run,
  cell: RunCell,
  before: readonly Run[],
  accepted: readonly AcceptedChange[],
): SeriesVerdict[] {
  const cells = [...newestCells(before, cell.id, before.length), { run, cell }];
  return JUDGED.flatMap((metric) => {
    const samples = samplesOf(cells, metric);
    const last = samples.at(-1);
    if (last?.run !== run.id) return [];
    const standing = standingOf(samples, METRICS[metric], restartsOf(cell.id, metric, accepted));
    return [{ cell: cell.id, metric, value: last.value, standing }];
  });
}

function statusOf(series: readonly SeriesVerdict[]): RunStatus {
  const kinds = new Set(series.map(({ standing }) => wordFor(standing)));
  const order = ["regressed", "suspected", "improved", "steady"] as const;
  return order.find((word) => kinds.has(word)) ?? "unjudged";
}

/** Names of the series that got worse for two runs or more. */
export function regressedSeries({ series }: RunVerdict): string[] {
  return series
    .filter(({ standing }) => wordFor(standing) === "regressed")
    .map(({ cell, metric }) => seriesNameOf(cell, metric));
}

/** What one number says of its run; a number that may have got better says nothing yet. */
function wordFor(standing: Standing): RunStatus {
  switch (standing.kind) {
    case "changed":
      return standing.direction === "worse" ? "regressed" : "improved";
    case "suspected":
      return standing.direction === "worse" ? "suspected" : "steady";
    case "steady":
      return "steady";
    case "unjudged":
    case "early":
      return "unjudged";
    default:
      return standing satisfies never;
  }
}
