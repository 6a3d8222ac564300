import type { Run, RunCell } from "../../result/document/run.ts";
import { contextKey, contextOf } from "../../result/series/series.ts";
import { applyRenaming, type Renaming } from "./renaming.ts";

/** What one more record would do. */
export interface RenameEffect {
  /** Runs that get another name. */
  runs: Run[];
  /** Series whose name changes: one metric of one cell in one context each. */
  series: number;
  /** Ids of runs that hold a cell of either name; they keep both. */
  withBoth: string[];
  /** Series of the new name that already have other runs. */
  joined: number;
  /** How many of those series had runs of both names in the same stretch of time. */
  mixed: number;
  /** That stretch of time, of all of them together; null where there is none. */
  mixedFrom: string | null;
  mixedUntil: string | null;
}

interface Stretch {
  first: number;
  last: number;
}

interface SeriesRuns {
  moved?: Stretch;
  stayed?: Stretch;
}

/** @param runs as readers show them now */
export function effectOf(runs: readonly Run[], renaming: Renaming): RenameEffect {
  const pairs = runs.map((before) => ({ before, after: applyRenaming(before, renaming) }));
  const moved = pairs.filter(({ before, after }) => before !== after);
  const series = new Set(moved.flatMap(({ before, after }) => movedSeries(before, after)));
  const stretches = stretchesOf(pairs);
  const joined = [...stretches.values()].filter(({ moved, stayed }) => moved !== undefined && stayed !== undefined);
  const shared = joined.map(overlap).filter((stretch) => stretch.first <= stretch.last);
  return {
    runs: moved.map(({ before }) => before),
    series: series.size,
    withBoth: renaming.what === "cell" ? holdersOfBoth(runs, renaming.from, renaming.to) : [],
    joined: joined.length,
    mixed: shared.length,
    mixedFrom: shared.length === 0 ? null : new Date(Math.min(...shared.map(({ first }) => first))).toISOString(),
    mixedUntil: shared.length === 0 ? null : new Date(Math.max(...shared.map(({ last }) => last))).toISOString(),
  };
}

function movedSeries(before: Run, after: Run): string[] {
  return changedCells(before, after).flatMap(({ was }) =>
    was.status === "ok" ? Object.keys(was.metrics).map((metric) => `${seriesKey(before, was)} ${metric}`) : [],
  );
}

/** A name of the whole run changes the series of every cell. */
function changedCells(before: Run, after: Run): { was: RunCell; is: RunCell }[] {
  const isWhole = contextKey(contextOf(before)) !== contextKey(contextOf(after));
  return before.cells
    .map((was, index) => ({ was, is: after.cells[index]! }))
    .filter(({ was, is }) => isWhole || was !== is);
}

const seriesKey = (run: Run, { id, params }: RunCell) =>
  JSON.stringify([contextKey(contextOf(run)), id, Object.entries(params).toSorted(([a], [b]) => (a < b ? -1 : 1))]);

/** By the series as they would be: when their runs of either kind were measured. */
function stretchesOf(pairs: readonly { before: Run; after: Run }[]): Map<string, SeriesRuns> {
  const found = new Map<string, SeriesRuns>();
  for (const { before, after } of pairs) {
    const changed = new Set(changedCells(before, after).map(({ is }) => is));
    for (const cell of after.cells.filter(({ status }) => status === "ok")) {
      const key = seriesKey(after, cell);
      const kind = changed.has(cell) ? "moved" : "stayed";
      const runs = found.get(key) ?? {};
      found.set(key, { ...runs, [kind]: stretched(runs[kind], Date.parse(after.startedAt)) });
    }
  }
  return found;
}

function stretched(stretch: Stretch | undefined, moment: number): Stretch {
  if (stretch === undefined) return { first: moment, last: moment };
  return { first: Math.min(stretch.first, moment), last: Math.max(stretch.last, moment) };
}

const overlap = ({ moved, stayed }: SeriesRuns): Stretch => ({
  first: Math.max(moved!.first, stayed!.first),
  last: Math.min(moved!.last, stayed!.last),
});

function holdersOfBoth(runs: readonly Run[], from: string, to: string): string[] {
  const has = (run: Run, wanted: string) => run.cells.some(({ id }) => id === wanted);
  return runs.filter((run) => has(run, from) && has(run, to)).map(({ id }) => id);
}
