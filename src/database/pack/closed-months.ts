import { filesAt } from "../git-home/plumbing/commit.ts";
import type { Scratch } from "../git-home/plumbing/scratch.ts";
import { treeEntries } from "../git-home/plumbing/tree.ts";
import { RUN } from "../records/run.ts";
import { packPath } from "./packed-index.ts";

const DAY_MS = 86_400_000;
/** Runs that began in a month may be published some days into the next one: repeats of a failed job, imports. */
export const DAYS_OPEN = 7;

/** The first month that is not closed, as in `2026-11`; UTC. */
export function firstOpenMonth(now: number): string {
  return monthAt(now - DAYS_OPEN * DAY_MS);
}

export const monthAt = (ms: number) => new Date(ms).toISOString().slice(0, 7);

/**
 * Months before another one that have runs in files and no pack, oldest first. No look into the folder of a month: those of the
 * years say it, which an append fetches anyway.
 */
export async function unpackedMonths(scratch: Scratch, commit: string, before: string): Promise<string[]> {
  const inRuns = (await treeEntries(scratch, commit, { paths: [`${RUN.folder}/`] })).map(({ path }) => `${path}/`);
  const years = inRuns.filter((path) => /^[^/]+\/\d{4}\/$/.test(path));
  if (years.length === 0) return [];
  const months = (await treeEntries(scratch, commit, { paths: years })).flatMap(
    ({ path }) => monthOfFolder(path) ?? [],
  );
  const closed = months.filter((month) => month < before);
  if (closed.length === 0) return [];
  const packs = new Set((await filesAt(scratch, commit, closed.map(packPath))).map(({ path }) => path));
  return closed.filter((month) => !packs.has(packPath(month)));
}

function monthOfFolder(path: string): string | null {
  const [, year, month] = /^[^/]+\/(\d{4})\/(\d\d)$/.exec(path) ?? [];
  return month === undefined ? null : `${year}-${month}`;
}
