import { inconsistencies } from "../result/inconsistencies.ts";
import type { Run } from "../result/run.ts";
import { meantBy } from "../verdict/accepted.ts";
import { breachesSince } from "./base.ts";
import { type Inspect, type Problem, type ReadFolder, readFolder } from "./folder.ts";
import { blobId } from "./git/commit.ts";
import { runPath } from "./layout.ts";
import { monthOf, type PackedDocument, packPath } from "./pack/packed-index.ts";
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
  const inspect: Inspect = (run, text) => {
    if (base !== undefined) blobs.set(run.id, (blobs.get(run.id) ?? new Set()).add(blobId(text)));
    return lookAlone(run, text);
  };
  return await inFolder(source, access, async ({ place, folder }) => {
    const { runs, retractions, accepted, packed, problems } = await readFolder(folder, inspect);
    const broken = base === undefined ? [] : await breachesSince(base, { source, access, folder, runs: blobs });
    return {
      place,
      runs: runs.length,
      retracted: retractions.length,
      packed: packed.length,
      problems: [...problems, ...lookForTwins(runs, packed), ...lookForVainPatterns(runs, accepted), ...broken],
    };
  });
}

function lookAlone(run: Run, text: string): string[] {
  const isChanged = text.includes("\r\n");
  const lineEnds = "has line ends of Windows (CRLF): its bytes were changed on the way";
  return [...(isChanged ? [lineEnds] : []), ...inconsistencies(run).map(({ text }) => text)];
}

/** Records that accept nothing; of a retracted run nobody is told the series. */
function lookForVainPatterns(runs: readonly Run[], accepted: ReadFolder["accepted"]): Problem[] {
  const byId = new Map(runs.map((run) => [run.id, run]));
  return accepted.flatMap(({ series, from, file }) => {
    const run = byId.get(from.id);
    if (run === undefined || meantBy(series, run).length > 0) return [];
    return [{ file, message: `${file} accepts “${series}”, which is the name of no series of the run ${from.id}` }];
  });
}

/** The same measurement under two ids would count twice. A run without numbers has nothing to count. */
function lookForTwins(runs: readonly Run[], packed: readonly PackedDocument[]): Problem[] {
  const inPacks = new Set(packed.map(({ id }) => id));
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { id, cells, startedAt, host } of runs) {
    if (!cells.some(({ status }) => status === "ok")) continue;
    const content = JSON.stringify([startedAt, host, cells]);
    const twin = seen.get(content);
    const [file, what] = inPacks.has(id)
      ? [packPath(monthOf(id)), `holds the run ${id} with`]
      : [runPath({ id }), "holds"];
    if (twin === undefined) seen.set(content, id);
    else problems.push({ file, message: `${file} ${what} the same measurements as the run ${twin}` });
  }
  return problems;
}
