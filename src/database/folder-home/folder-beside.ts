import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LARGEST_DATA_MIB, readPlainBytes } from "../../plain-file.ts";
import type { Document } from "../document/documents.ts";
import { changesWhatIsSeen, runsOf } from "../document/documents.ts";
import { kindOfPath, LEGACY_FILES } from "../document/layout.ts";
import { changed } from "../git-home/files-beside.ts";
import { type BranchFile, blobId, type StoredFile } from "../git-home/plumbing/commit.ts";
import type { AppendTarget } from "../home.ts";
import { readFolder } from "../read/folder.ts";
import { named } from "../records/applied.ts";
import { changeCells } from "../records/renaming.ts";
import { stageFiles } from "./folder-files.ts";

interface Place {
  root: string;
  target: AppendTarget;
}

/** Rounds that others may add something in; each of them renews the files as well. */
const MOST_ROUNDS = 20;

/**
 * Prepares to renew the files that lie beside the runs. Unlike documents they are replaced; whoever wrote them last looks
 * once more whether all that is there is in them.
 * @returns what to do once the documents are in their places, told which of them are new or at least published once more;
 *   it gives the files that had to change
 */
export async function renewFilesBeside(
  place: Place,
  documents: readonly Document[],
): Promise<(published: string[]) => Promise<string[]>> {
  const { root, target } = place;
  const { published, renewed } = target.beside ?? {};
  if (documents.some(({ kind }) => kind === "run")) {
    if (published === undefined) return async () => [];
    return (ids) => {
      const own = runsOf(documents).filter(({ id }) => ids.includes(id));
      if (own.length === 0) return Promise.resolve([]);
      return untilSettled(root, async () => {
        const { runs, found } = await readFolder(root);
        return published(runs, named(own, found, changeCells));
      });
    };
  }
  if (renewed === undefined || !changesWhatIsSeen(documents)) return async () => [];
  const there = await legacyFilesIn(root);
  if (there.length === 0) return async () => [];
  const before = (await readFolder(root)).runs;
  return async () => write(root, renewed({ before, after: (await readFolder(root)).runs, there }));
}

async function untilSettled(root: string, make: () => Promise<BranchFile[]>): Promise<string[]> {
  const written = new Set<string>();
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const seen = await documentsIn(root);
    for (const path of await write(root, await make())) written.add(path);
    if ((await documentsIn(root)) === seen) break;
  }
  return [...written];
}

async function write(root: string, made: readonly BranchFile[]): Promise<string[]> {
  const files = changed(made, await legacyFilesIn(root));
  await using staged = await stageFiles(root, files);
  for (const { path } of files) await staged.replace(path);
  return files.map(({ path }) => path);
}

async function legacyFilesIn(root: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const path of LEGACY_FILES) {
    const file = join(root, path);
    if (!existsSync(file)) continue;
    files.push({ path, blob: blobId(await readPlainBytes(file, { largestMib: LARGEST_DATA_MIB })) });
  }
  return files;
}

/** Names of all that readers go by. */
async function documentsIn(root: string): Promise<string> {
  const names = await readdir(root, { recursive: true });
  return names
    .filter((name) => !["legacy", "hidden"].includes(kindOfPath(name)))
    .toSorted()
    .join("\n");
}
