import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { blobId, filesAt, readFileAt, type StoredFile } from "../git/commit.ts";
import type { Scratch } from "../git/scratch.ts";
import { isRunPath } from "../layout.ts";
import { checkSize } from "../text-file.ts";
import { LARGEST_PACK_MIB, unpackLine, unpackLines } from "./pack.ts";
import { monthOf, packIndexPath, packPath, parsePackIndex } from "./packed-index.ts";

/** A file that a commit has, at its path or, a run document, in a pack. */
export interface FileAt extends StoredFile {
  pack?: StoredFile;
}

/**
 * The files among `paths` that a commit has; a run document counts as there when a pack has it. That is seen in the pack's
 * index, so that an append costs the same however much is packed.
 * @throws UserError for a damaged index
 */
export async function documentsAt(scratch: Scratch, commit: string, paths: readonly string[]): Promise<FileAt[]> {
  const months = new Set(paths.filter(isRunPath).map(monthOfPath));
  const packFiles = [...months].flatMap((month) => [packPath(month), packIndexPath(month)]);
  const found = new Map((await filesAt(scratch, commit, [...paths, ...packFiles])).map((file) => [file.path, file]));
  const loose = paths.flatMap((path) => found.get(path) ?? []);
  const packed: FileAt[] = [];
  for (const month of months) {
    const wanted = paths.filter((path) => isRunPath(path) && monthOfPath(path) === month && !found.has(path));
    const [pack, index] = [found.get(packPath(month)), found.get(packIndexPath(month))];
    if ((pack === undefined && index === undefined) || wanted.length === 0) continue;
    if (index === undefined)
      throw new UserError(`the branch is damaged: it has ${packPath(month)}, but no ${packIndexPath(month)}`);
    if (pack === undefined)
      throw new UserError(`the branch is damaged: it has ${index.path}, but no ${packPath(month)}`);
    const blobs = new Map(
      parsePackIndex(await readFileAt(scratch, index), index.path).map(({ id, blob }) => [id, blob]),
    );
    for (const path of wanted) {
      const blob = blobs.get(idOfPath(path));
      if (blob !== undefined) packed.push({ path, blob, pack });
    }
  }
  return [...loose, ...packed];
}

/** @throws UserError for one that is too large, or that the pack does not have after all */
export async function readDocumentAt(scratch: Scratch, { path, blob, pack }: FileAt): Promise<string> {
  if (pack === undefined) return readFileAt(scratch, { path, blob });
  const { lines } = await unpackLines(await readBytesAt(scratch, pack));
  for (const line of lines) {
    const text = unpackLine(String(line));
    if (blobId(text) === blob) return text;
  }
  throw new UserError(`the branch is damaged: ${pack.path} lacks the run ${idOfPath(path)}, which its index has`);
}

/** The bytes of a pack; git's standard output is text to us. */
export async function readBytesAt(scratch: Scratch, { path, blob }: StoredFile): Promise<Buffer> {
  checkSize(Number(await scratch.git(["cat-file", "-s", blob])), path, LARGEST_PACK_MIB);
  const file = join(scratch.folder, (await scratch.git(["unpack-file", blob])).trim());
  try {
    return await readFile(file);
  } finally {
    await rm(file, { force: true });
  }
}

const idOfPath = (path: string) => path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");
const monthOfPath = (path: string) => monthOf(idOfPath(path));
