import { closest } from "fastest-levenshtein";
import type { StoredNumber } from "../../../arms/bisect/evidence.ts";
import type { FolderContent } from "../../../database/read/folder.ts";
import { UsageError, UserError } from "../../../errors.ts";
import type { Run, RunCell } from "../../../result/document/run.ts";
import { METRICS, type MetricName } from "../../../result/metrics/metric.ts";
import { contextKey, contextOf } from "../../../result/series/series.ts";
import { seriesNameOf, seriesNames } from "../../../verdict/accepted.ts";
import { judgeRun } from "../../../verdict/judge-run.ts";
import { newestCells, numbersOf } from "../../../verdict/run-numbers.ts";
import { separateSeries } from "../../../verdict/separate-series.ts";

/** A number of the history that changed: what to look for, and what it was measured with. */
export interface Alarm {
  run: Run;
  cell: RunCell;
  metric: MetricName;
  /** Commits of the last run before the change and of the first with it. */
  good: string;
  bad: string;
  direction: "higher" | "lower";
  /** Numbers of runs beside the level before the change, oldest first. */
  numbers: readonly NumberOfCommit[];
}

interface NumberOfCommit extends Omit<StoredNumber, "commit"> {
  commit: string;
}

/** A number of another day differs by more than those of one block, even where a series is calm. */
const LEAST_SPREAD = 0.02;

/** @throws UsageError, UserError where the series did not change, or nothing of it can be measured again */
export function alarmOf(content: Pick<FolderContent, "runs" | "records">, id: string, series: string): Alarm {
  const run = content.runs.find((one) => one.id === id);
  if (run === undefined) {
    throw new UserError(`--run ${id}: no such run in the history. pitwall history --format csv shows the ids`);
  }
  const { cell, metric } = cellOf(run, series);
  const past = { runs: content.runs, accepted: content.records.accepted };
  const verdict = judgeRun(run, past, run.trigger.ref);
  const standing = verdict.series.find((one) => one.cell === cell.id && one.metric === metric)?.standing;
  if (standing?.kind !== "changed" && standing?.kind !== "suspected") {
    throw new UserError(
      `${seriesNameOf(cell.id, metric)} did not change in ${id}, by the numbers before it: there is no alarm to follow. ` +
        "Name the two ends with --good and --bad instead",
    );
  }
  const { since } = standing.kind === "changed" ? standing : { since: run.id };
  const before = seriesRuns(run, cell, content.runs);
  const first = before.findIndex((one) => one.id === since);
  const [lastGood, firstBad] = [before[first - 1], before[first]];
  if (lastGood === undefined || firstBad === undefined) throw new UserError(`no run before ${since} has this number`);
  const [good, bad] = [commitOf(lastGood), commitOf(firstBad)];
  if (good === bad) {
    throw new UserError(
      `the last run before the change, ${lastGood.id}, and the first with it, ${firstBad.id}, measured the same commit: ` +
        "no commit did it, look at the machine, its drivers and the engine's settings",
    );
  }
  const { baseline, band } = standing;
  const spread = Math.max(LEAST_SPREAD, band / Math.abs(baseline) / 2);
  const numbers = numbersOf(newestCells(before, cell.id, before.length), metric).flatMap(({ run: of, value }) => {
    const { commit } = before.find((one) => one.id === of)!.trigger;
    return commit === null || value <= 0 ? [] : [{ commit, logRatio: Math.log(value / baseline), spread }];
  });
  return { run, cell, metric, good, bad, direction: standing.ratio > 0 ? "higher" : "lower", numbers };
}

function cellOf(run: Run, series: string): { cell: RunCell; metric: MetricName } {
  const [id = "", metric = ""] = series.trim().split(/\s+/);
  const cell = run.cells.find((one) => one.id === id);
  if (cell?.status === "ok" && isMetric(metric) && cell.metrics[metric] !== undefined) return { cell, metric };
  const names = seriesNames(run);
  if (names.length === 0) throw new UserError(`no cell of ${run.id} has numbers`);
  throw new UsageError(
    `--series “${series}”: ${run.id} has no such number; did you mean “${closest(series, names)}”? It is a cell's id and a metric`,
  );
}

const isMetric = (name: string): name is MetricName => Object.hasOwn(METRICS, name);

/** Runs of the same context, ref and question up to this one, oldest first. */
function seriesRuns(run: Run, cell: RunCell, runs: readonly Run[]): Run[] {
  const context = contextKey(contextOf(run));
  const same = runs.filter(
    (one) =>
      contextKey(contextOf(one)) === context &&
      one.trigger.ref === run.trigger.ref &&
      Date.parse(one.startedAt) <= Date.parse(run.startedAt) &&
      one.id !== run.id,
  );
  return separateSeries([...same, run]).filter(({ cells }) =>
    cells.some(({ id, status }) => id === cell.id && status === "ok"),
  );
}

function commitOf({ id, trigger }: Run): string {
  if (trigger.commit === null) {
    throw new UserError(`the run ${id} names no commit: name the two ends with --good and --bad instead`);
  }
  return trigger.commit;
}
