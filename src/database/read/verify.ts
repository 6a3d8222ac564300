import type { Run } from "../../result/document/run.ts";
import { measurementOf } from "../document/twins.ts";
import { blobId } from "../git-home/plumbing/commit.ts";
import { monthOf, type PackedDocument, packPath } from "../pack/packed-index.ts";
import { eachTold, type Told } from "../records/applied.ts";
import { RECORDS } from "../records/kinds.ts";
import { flawsOf, runPath } from "../records/run.ts";
import { breachesSince } from "./base.ts";
import { readFolder } from "./folder.ts";
import type { Inspect, Problem } from "./problem.ts";
import { type Access, inFolder } from "./read.ts";

export interface Verdict {
  /** The branch, in words. */
  place: string;
  /** Good documents that count. */
  runs: number;
  /** Those that were retracted. */
  retracted: number;
  /** Good documents that lie in packs. */
  packed: number;
  /** By file; empty for a branch that can be trusted. */
  problems: Problem[];
}

/**
 * Checks a whole data branch: each file and each document of a pack as a reader does (format, id, folder, size, encoding),
 * and what only shows beside the others or between the lines: order, times, duplicates, line ends.
 * @param source a folder in the published layout, or `REPOSITORY#BRANCH`
 * @param base a commit or branch to which the branch may only add, see {@link breachesSince}
 * @throws UserError when there is no such branch, or no such base
 */
export async function verifyDatabase(source: string, access: Access = {}, base?: string): Promise<Verdict> {
  const blobs = new Map<string, Set<string>>();
  const measured = new Map<string, string | null>();
  const inspect: Inspect = (run, text) => {
    if (base !== undefined) blobs.set(run.id, (blobs.get(run.id) ?? new Set()).add(blobId(text)));
    measured.set(run.id, measurementOf(run));
    return flawsOf(run, text);
  };
  return await inFolder(source, access, async ({ place, folder }) => {
    const { runs, records, packed, problems } = await readFolder(folder, inspect, access.signal);
    const broken = base === undefined ? [] : await breachesSince(base, { source, access, folder, runs: blobs });
    return {
      place,
      runs: runs.length,
      retracted: records.retraction.length,
      packed: packed.length,
      problems: [...problems, ...lookForTwins(runs, measured, packed), ...lookForFlaws(runs, records), ...broken],
    };
  });
}

/** What records say of runs that readers see, and what is not so. */
function lookForFlaws(runs: readonly Run[], records: Told): Problem[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return eachTold(records, (name, told) => RECORDS[name].flaw(told, byId));
}

/** @param measured what each run measured, as its document has it: names that were given later make no twins */
function lookForTwins(
  runs: readonly Run[],
  measured: ReadonlyMap<string, string | null>,
  packed: readonly PackedDocument[],
): Problem[] {
  const inPacks = new Set(packed.map(({ id }) => id));
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { id } of runs) {
    const measurement = measured.get(id) ?? null;
    if (measurement === null) continue;
    const twin = seen.get(measurement);
    const [file, what] = inPacks.has(id)
      ? [packPath(monthOf(id)), `holds the run ${id} with`]
      : [runPath({ id }), "holds"];
    if (twin === undefined) seen.set(measurement, id);
    else problems.push({ file, message: `${file} ${what} the same measurements as the run ${twin}` });
  }
  return problems;
}
