import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import type { AppendTarget } from "../append.ts";
import type { Document } from "../attempt.ts";
import { readFolder } from "../folder.ts";
import { type BranchFile, blobId, type StoredFile } from "../git/commit.ts";
import { kindOfPath, LEGACY_FILES } from "../layout.ts";
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
 * @returns what to do once the documents are in their places
 */
export async function renewFilesBeside(
  place: Place,
  documents: readonly Document[],
): Promise<(added: string[]) => Promise<void>> {
  const { root, target } = place;
  const { published, renewed } = target.beside ?? {};
  if (documents.some(({ kind }) => kind === "run")) {
    if (published === undefined) return async () => undefined;
    return (added) =>
      untilSettled(root, async () => {
        const { runs } = await readFolder(root);
        const own = runs.filter(({ id }) => added.includes(id));
        return own.length === 0 ? [] : published(runs, own);
      });
  }
  if (renewed === undefined || documents.every(({ kind }) => kind === "accepted")) return async () => undefined;
  const there = await legacyFilesIn(root);
  if (there.length === 0) return async () => undefined;
  const before = (await readFolder(root)).runs;
  return async () => write(root, renewed({ before, after: (await readFolder(root)).runs, there }));
}

async function untilSettled(root: string, make: () => Promise<BranchFile[]>): Promise<void> {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const seen = await documentsIn(root);
    await write(root, await make());
    if ((await documentsIn(root)) === seen) return;
  }
}

async function write(root: string, files: readonly BranchFile[]): Promise<void> {
  await using staged = await stageFiles(root, files);
  for (const { path } of files) await staged.replace(path);
}

async function legacyFilesIn(root: string): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const path of LEGACY_FILES) {
    const text = await readFile(join(root, path), "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return null;
      throw new UserError(`${path} in ${root} could not be read: ${cause.message}`, { cause });
    });
    if (text !== null) files.push({ path, blob: blobId(text) });
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
