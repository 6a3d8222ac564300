import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { neighboursAmong } from "../additions.ts";
import { checkSize } from "../document/text-file.ts";
import { blobId, filesAt, readFileAt, type StoredFile } from "../git-home/plumbing/commit.ts";
import type { Scratch } from "../git-home/plumbing/scratch.ts";
import { isRunPath, runPath } from "../records/run.ts";
import { LARGEST_PACK_MIB, unpackLine, unpackLines } from "./pack.ts";
import { monthOf, packIndexPath, packPath, parsePackIndex } from "./packed-index.ts";

/** A file that a commit has, at its path or, a run document, in a pack. */
export interface FileAt extends StoredFile {
  pack?: StoredFile;
}

/** What a commit has of documents that somebody wants to add. */
export interface DocumentsAt {
  /** Those that are there, at their path or, a run document, in a pack. */
  found: FileAt[];
  /** Run documents that began in the same second as one that is not there. */
  neighbours: FileAt[];
}

/**
 * Looks for documents in a commit; whether a pack has a run is seen in the pack's index, so that an append costs the same
 * however much is packed.
 * @throws UserError for a damaged index
 */
export async function documentsAt(scratch: Scratch, commit: string, paths: readonly string[]): Promise<DocumentsAt> {
  const runs = paths.filter(isRunPath);
  const months = new Set(runs.map(monthOfPath));
  const folders = new Set(runs.map((path) => path.slice(0, path.lastIndexOf("/") + 1)));
  const packFiles = [...months].flatMap((month) => [packPath(month), packIndexPath(month)]);
  const others = paths.filter((path) => !isRunPath(path));
  const files = await filesAt(scratch, commit, [...others, ...folders, ...packFiles]);
  const there = new Map<string, FileAt>(files.map((file) => [file.path, file]));
  for (const month of months) {
    if (runs.every((path) => there.has(path) || monthOfPath(path) !== month)) continue;
    for (const file of await packedIn(scratch, month, there)) if (!there.has(file.path)) there.set(file.path, file);
  }
  const idsThere = [...there.keys()].filter(isRunPath).map(idOfPath);
  const missing = runs.filter((path) => !there.has(path)).map(idOfPath);
  const at = (path: string) => there.get(path) ?? [];
  return {
    found: paths.flatMap(at),
    neighbours: neighboursAmong(idsThere, missing).flatMap((id) => at(runPath({ id }))),
  };
}

async function packedIn(scratch: Scratch, month: string, there: ReadonlyMap<string, FileAt>): Promise<FileAt[]> {
  const [pack, index] = [there.get(packPath(month)), there.get(packIndexPath(month))];
  if (pack === undefined && index === undefined) return [];
  if (index === undefined)
    throw new UserError(`the branch is damaged: it has ${packPath(month)}, but no ${packIndexPath(month)}`);
  if (pack === undefined) throw new UserError(`the branch is damaged: it has ${index.path}, but no ${packPath(month)}`);
  const documents = parsePackIndex(await readFileAt(scratch, index), index.path);
  return documents.map(({ id, blob }) => ({ path: runPath({ id }), blob, pack }));
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
