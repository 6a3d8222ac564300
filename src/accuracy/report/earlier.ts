import type { Run, RunCell } from "../../result/document/run.ts";
import type { Pair } from "../statistics/paired.ts";
import { pairedRuns, pairedVerdict } from "../statistics/paired.ts";
import type { Comparison, TaskResult } from "./result.ts";

/** What an earlier run came to, sample by sample: on a set of samples, or on samples by their ids. */
export interface Earlier {
  /** In words. */
  name: string;
  /** Whether it answered a sample right; undefined where it did not answer it. */
  wasRight(id: string): boolean | undefined;
}

/** @returns undefined where the two have no sample in common, or this one was not answered as a whole */
export function comparisonWith(earlier: Earlier, { samples, status }: TaskResult): Comparison | undefined {
  if (status === "incomplete") return undefined;
  const pairs = samples.flatMap(({ id, outcome }): Pair[] => {
    const before = earlier.wasRight(id);
    return before === undefined ? [] : [{ id, before, now: outcome === "correct" }];
  });
  return pairs.length === 0 ? undefined : { against: earlier.name, ...pairedRuns(pairs) };
}

/** A task of an earlier report. */
export function earlierResult({ samples }: TaskResult, name: string): Earlier {
  const outcomes = new Map(samples.map(({ id, outcome }) => [id, outcome]));
  return {
    name,
    wasRight(id) {
      const outcome = outcomes.get(id);
      return outcome === undefined || outcome === "unanswered" ? undefined : outcome === "correct";
    },
  };
}

type OkCell = Extract<RunCell, { status: "ok" }>;

/** A cell of a run document, whose parameters say that it is of the same samples. */
export function earlierCell({ outcomes = {} }: OkCell, name: string): Earlier {
  return { name, wasRight: (id) => outcomes[id] !== "wrong" };
}

/** The cell of a run with the same id and parameters, where all that was wrong is known. */
export function sameCell(
  { cells }: Pick<Run, "cells">,
  { id, params }: Pick<RunCell, "id" | "params">,
): OkCell | undefined {
  const own = keyOf(params);
  return cells.find(
    (cell): cell is OkCell =>
      cell.id === id && cell.status === "ok" && keyOf(cell.params) === own && knowsItsWrong(cell),
  );
}

const keyOf = (params: RunCell["params"]) =>
  JSON.stringify(Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Not one with more than a document keeps, and not a score that is no share of right answers. */
function knowsItsWrong({ metrics: { score, samples }, outcomes }: OkCell): boolean {
  if (score === undefined || samples === undefined || outcomes === undefined) return false;
  return Object.keys(outcomes).length === Math.round((1 - score) * samples);
}

export interface PastRun {
  run: Pick<Run, "id" | "startedAt">;
  cell: OkCell;
  /** A person accepted the numbers from here on. */
  isAccepted: boolean;
}

/**
 * The newest run that was not worse than the last good one before it. So a loss that nobody mends stays one, however many runs
 * follow, until a person accepts it.
 * @param runs oldest first
 */
export function lastGood(runs: readonly PastRun[]): PastRun | undefined {
  return runs.reduce<PastRun | undefined>((good, next) => {
    if (good === undefined || next.isAccepted) return next;
    const [before, now] = [wrongIn(good.cell), wrongIn(next.cell)];
    return pairedVerdict(now.difference(before).size, before.difference(now).size) === "worse" ? good : next;
  }, undefined);
}

const wrongIn = ({ outcomes = {} }: OkCell) => new Set(Object.keys(outcomes));
