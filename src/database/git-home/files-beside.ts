import type { Document } from "../document/documents.ts";
import { changesWhatIsSeen, runsOf } from "../document/documents.ts";
import { byTime, LEGACY_FILES } from "../document/layout.ts";
import { named, noRecords, recordsIn, seenThrough } from "../records/applied.ts";
import { changeCells } from "../records/renaming.ts";
import type { OpenBranch } from "./open-branch.ts";
import { type BranchFile, blobId, filesAt, type StoredFile } from "./plumbing/commit.ts";
import { runsAt } from "./runs-at.ts";

/** The files to commit beside what is added on a commit; null: there is no branch yet. */
export async function filesBeside(branch: OpenBranch, added: Document[], commit: string | null): Promise<BranchFile[]> {
  const { scratch, target } = branch;
  const { published, renewed } = target.beside ?? {};
  const runs = runsOf(added);
  if (runs.length > 0) {
    if (published === undefined) return [];
    const earlier = commit === null ? { runs: [], found: noRecords() } : await runsAt(scratch, target.branch, commit);
    // A run that is new may have a name that was changed before it came.
    const shown = named(runs, earlier.found, changeCells);
    return published([...earlier.runs, ...shown].toSorted(byTime), shown);
  }
  if (renewed === undefined || commit === null || !changesWhatIsSeen(added)) return [];
  const there = await filesAt(scratch, commit, LEGACY_FILES);
  if (there.length === 0) return [];
  const before = (await runsAt(scratch, target.branch, commit)).runs;
  return renewed({ before, after: seenThrough(before, recordsIn(added), changeCells), there });
}

/** Those that are not on a commit as the runs of it make them, where all that is published is there already. */
export async function staleFiles(branch: OpenBranch, documents: Document[], commit: string): Promise<BranchFile[]> {
  const { scratch, target } = branch;
  const { published } = target.beside ?? {};
  const runs = runsOf(documents);
  if (published === undefined || runs.length === 0) return [];
  const seen = await runsAt(scratch, target.branch, commit);
  const files = published(seen.runs, named(runs, seen.found, changeCells));
  return changed(files, await filesAt(scratch, commit, LEGACY_FILES));
}

/** Files whose content is not there yet. */
export function changed(files: readonly BranchFile[], there: readonly StoredFile[]): BranchFile[] {
  const blobs = new Map(there.map(({ path, blob }) => [path, blob]));
  return files.filter(({ path, text }) => blobs.get(path) !== blobId(text));
}
