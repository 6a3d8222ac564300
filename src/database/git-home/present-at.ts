import type { Run } from "../../result/document/run.ts";
import type { Present } from "../additions.ts";
import { parseRenaming, parseRun } from "../document/document.ts";
import { runPath } from "../document/layout.ts";
import { documentsAt, type FileAt, readDocumentAt } from "../pack/packed-at.ts";
import type { Renaming } from "../records/renaming.ts";
import { retractionPath } from "../records/retraction.ts";
import { filesAt, filesUnder, readFileAt } from "./plumbing/commit.ts";
import type { Scratch } from "./plumbing/scratch.ts";

const NOTHING: Present = {
  neighbours: async () => [],
  counted: async () => [],
  renamings: async () => [],
};

/**
 * What is on a commit, read when it is asked for.
 * @param commit null: there is no branch yet
 * @param neighbours run documents that began in the same second as one that is to be added
 */
export function presentAt(scratch: Scratch, commit: string | null, neighbours: readonly FileAt[]): Present {
  if (commit === null) return NOTHING;
  return {
    neighbours: () => readCounted(scratch, commit, neighbours),
    async counted(ids) {
      const paths = ids.map((id) => runPath({ id }));
      return readCounted(scratch, commit, (await documentsAt(scratch, commit, paths)).found);
    },
    async renamings() {
      const renamings: Renaming[] = [];
      for (const file of await filesUnder(scratch, commit, ["renamed"])) {
        renamings.push(parseRenaming(await readFileAt(scratch, file), file.path));
      }
      return renamings;
    },
  };
}

async function readCounted(scratch: Scratch, commit: string, files: readonly FileAt[]): Promise<Run[]> {
  const idOf = ({ path }: FileAt) => path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");
  const records =
    files.length === 0
      ? []
      : await filesAt(
          scratch,
          commit,
          files.map((file) => retractionPath(idOf(file))),
        );
  const retracted = new Set(records.map(({ path }) => path));
  const runs: Run[] = [];
  for (const file of files) {
    if (retracted.has(retractionPath(idOf(file)))) continue;
    runs.push(parseRun(await readDocumentAt(scratch, file), file.path));
  }
  return runs;
}
