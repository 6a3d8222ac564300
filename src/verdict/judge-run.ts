import type { Run, RunCell } from "../result/document/run.ts";
import { METRIC_NAMES, METRICS, type MetricName } from "../result/metrics/metric.ts";
import { present } from "../result/present.ts";
import { contextKey, contextOf } from "../result/series/series.ts";
import { type AcceptedChange, acceptedFor, restartsOf, seriesNameOf } from "./accepted.ts";
import { levelOf, type Standing, standingOf } from "./level.ts";
import { newArguments } from "./new-arguments.ts";
import { newestCells, numbersOf } from "./run-numbers.ts";
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
  /** Their git ref, where it is not the run's own. */
  baselineRef?: string;
  /** What is different in the engine arguments, in words, where that is why there are none. */
  newArguments?: string;
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
/** Metrics that can get better or worse by the engine. */
export const JUDGED = METRIC_NAMES.filter((name) => METRICS[name].better !== "neither" && !NOT_THE_ENGINE.has(name));

/** Runs that may be compared with one: of its context, and before it; of the same moment, those with a lower id. */
function earlierRuns(run: Run, runs: readonly Run[]): Run[] {
  const own = contextKey(contextOf(run));
  const start = Date.parse(run.startedAt);
  return runs.filter((other) => {
    const distance = Date.parse(other.startedAt) - start || (other.id < run.id ? -1 : 1);
    return other.id !== run.id && distance < 0 && contextKey(contextOf(other)) === own;
  });
}

/**
 * Holds every number of a run against those of earlier runs. One of another ref than the baseline's (a pull request) is held
 * against the level that the baseline has now, and only runs of its own ref confirm a change.
 * @param ref git ref whose runs are the baseline, as in refs/heads/main; null: those without one
 */
export function judgeRun(run: Run, past: Past, ref: string | null): RunVerdict {
  const earlier = earlierRuns(run, past.runs).filter(({ trigger }) => [ref, run.trigger.ref].includes(trigger.ref));
  const accepted = acceptedFor(run, past.accepted);
  const comparable = separateSeries([...earlier, run]);
  const own = comparable.at(-1)!;
  const before = Map.groupBy(comparable.slice(0, -1), ({ trigger }) => trigger.ref);
  const base = before.get(ref) ?? [];
  const ofPull = base.length === 0 ? [] : (before.get(run.trigger.ref) ?? []);
  const same = ref === run.trigger.ref ? base : ofPull;
  const series = own.cells.flatMap((cell) => judgeCell(own, cell, { base, same, ref, accepted }));
  const other = ref === run.trigger.ref || ref === null ? {} : { baselineRef: ref };
  const change = base.length === 0 ? newArguments(run, past.runs, ref) : undefined;
  const why = present({ newArguments: change });
  return { status: statusOf(series), baselineRuns: base.length, ...other, ...why, series };
}

interface Before {
  /** Runs of the baseline, oldest first. */
  base: readonly Run[];
  /** Runs of the run's own ref; those of the baseline where it is the same. */
  same: readonly Run[];
  /** Git ref of the baseline's runs. */
  ref: string | null;
  accepted: readonly AcceptedChange[];
}

function judgeCell(run: Run, cell: RunCell, { base, same, ref, accepted }: Before): SeriesVerdict[] {
  const cells = [...newestCells(same, cell.id, same.length), { run, cell }];
  const baseCells = same === base ? [] : newestCells(base, cell.id, base.length);
  return JUDGED.flatMap((metric) => {
    const numbers = numbersOf(cells, metric);
    const last = numbers.at(-1);
    if (last?.run !== run.id) return [];
    const restarts = (of: string | null) => restartsOf({ cell: cell.id, metric, ref: of }, accepted);
    const start = same === base ? undefined : levelOf(numbersOf(baseCells, metric), METRICS[metric], restarts(ref));
    const standing = standingOf(numbers, METRICS[metric], restarts(run.trigger.ref), start);
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
