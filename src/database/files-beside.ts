import type { Run } from "../result/run.ts";
import type { Document, OpenBranch } from "./attempt.ts";
import { type BranchFile, filesAt, type StoredFile } from "./git/commit.ts";
import { byTime, LEGACY_FILES } from "./layout.ts";
import { applyRenamings } from "./records/renaming.ts";
import { runsAt } from "./runs-at.ts";

/** What readers of the branch see, before and after a record is added, and the files that were made of the former. */
export interface SeenChange {
  before: Run[];
  after: Run[];
  there: StoredFile[];
}

/** How files are made that lie beside the runs, of every run of the branch. */
export interface BesideFiles {
  /** At a publish; makes it read the whole branch. `added` are the new ones of `runs`. */
  published?: ((runs: Run[], added: Run[]) => BranchFile[]) | undefined;
  /** At a record that changes what readers see, where the branch has such files. */
  renewed?: ((change: SeenChange) => BranchFile[]) | undefined;
}

/** The files to commit beside what is added on a commit; null: there is no branch yet. */
export async function filesBeside(branch: OpenBranch, added: Document[], commit: string | null): Promise<BranchFile[]> {
  const { scratch, target } = branch;
  const { published, renewed } = target.beside ?? {};
  const runs = added.flatMap((document) => (document.kind === "run" ? [document.run] : []));
  if (runs.length > 0) {
    if (published === undefined) return [];
    const earlier = commit === null ? { runs: [], renamings: [] } : await runsAt(scratch, target.branch, commit);
    // A run that is new may have a name that was changed before it came.
    const shown = applyRenamings(runs, earlier.renamings);
    return published([...earlier.runs, ...shown].toSorted(byTime), shown);
  }
  // What is accepted changes no number.
  if (renewed === undefined || commit === null || added.every(({ kind }) => kind === "accepted")) return [];
  const there = await filesAt(scratch, commit, LEGACY_FILES);
  if (there.length === 0) return [];
  const before = (await runsAt(scratch, target.branch, commit)).runs;
  return renewed({ before, after: withRecords(before, added), there });
}

function withRecords(runs: readonly Run[], added: readonly Document[]): Run[] {
  const retracted = new Set(added.flatMap((document) => (document.kind === "retraction" ? [document.id] : [])));
  const renamings = added.flatMap((document) => (document.kind === "renaming" ? [document.renaming] : []));
  return applyRenamings(
    runs.filter(({ id }) => !retracted.has(id)),
    renamings,
  );
}
