import type { Run } from "../../result/document/run.ts";
import { parseRun } from "../document/document.ts";
import { type PlacedText, recordsOf } from "../document/parse-at.ts";
import { documentsAt, type FileAt, readDocumentAt } from "../pack/packed-at.ts";
import { hidingPaths, named, namingFolders } from "../records/applied.ts";
import type { Present } from "../records/kind.ts";
import { changeCells } from "../records/renaming.ts";
import { runPath } from "../records/run.ts";
import { filesAt, filesUnder, readFileAt } from "./plumbing/commit.ts";
import type { Scratch } from "./plumbing/scratch.ts";

const NOTHING: Present = { neighbours: async () => [], seen: async () => [] };

/**
 * What is on a commit, read when it is asked for.
 * @param commit null: there is no branch yet
 * @param neighbours run documents that began in the same second as one that is to be added
 */
export function presentAt(scratch: Scratch, commit: string | null, neighbours: readonly FileAt[]): Present {
  if (commit === null) return NOTHING;
  return {
    neighbours: () => readCounted(scratch, commit, neighbours),
    async seen(ids) {
      const paths = ids.map((id) => runPath({ id }));
      const runs = await readCounted(scratch, commit, (await documentsAt(scratch, commit, paths)).found);
      return named(runs, await namesAt(scratch, commit), changeCells);
    },
  };
}

async function namesAt(scratch: Scratch, commit: string) {
  const texts: PlacedText[] = [];
  for (const file of await filesUnder(scratch, commit, namingFolders())) {
    texts.push({ path: file.path, text: await readFileAt(scratch, file) });
  }
  return recordsOf(texts);
}

async function readCounted(scratch: Scratch, commit: string, files: readonly FileAt[]): Promise<Run[]> {
  const idOf = ({ path }: FileAt) => path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");
  const hiding = files.flatMap((file) => hidingPaths(idOf(file)));
  const records = hiding.length === 0 ? [] : await filesAt(scratch, commit, hiding);
  const there = new Set(records.map(({ path }) => path));
  const runs: Run[] = [];
  for (const file of files) {
    if (hidingPaths(idOf(file)).some((path) => there.has(path))) continue;
    runs.push(parseRun(await readDocumentAt(scratch, file), file.path));
  }
  return runs;
}
