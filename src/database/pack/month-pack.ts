import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { UserError } from "../../errors.ts";
import type { Run } from "../../result/document/run.ts";
import { sum } from "../../result/metrics/distribution.ts";
import { MARKER_FILE } from "../document/layout.ts";
import { type BranchChange, blobId, type StoredFile } from "../git-home/plumbing/commit.ts";
import type { Scratch } from "../git-home/plumbing/scratch.ts";
import { checkOutInto } from "../git-home/plumbing/tree.ts";
import { pointsOf } from "../query/points.ts";
import { type FolderContent, readFolder } from "../read/folder.ts";
import type { Problem } from "../read/problem.ts";
import { isRunPath } from "../records/run.ts";
import { breathe } from "./breathe.ts";
import { packLine, packLines } from "./pack.ts";
import { readBytesAt } from "./packed-at.ts";
import { type PackedDocument, packIndexPath, packPath, parsePackIndex, serializePackIndex } from "./packed-index.ts";
import { judgePack } from "./packed-read.ts";

/** What packing a month does. */
export interface MonthPack {
  /** As in `2026-10`. */
  month: string;
  /** Documents that leave `runs/`. */
  runs: number;
  /** Documents of the whole pack, each read back from git and found equal; and the numbers in them. */
  proven: { runs: number; points: number };
  /** Size of the month's files, before and after. */
  bytes: { before: number; after: number };
  changes: BranchChange[];
  /** Files that stay as they are, and why. */
  left: Problem[];
}

interface Found {
  text: string;
  run: Run;
}

/**
 * Makes a month's pack in the scratch folder's git, of its run documents and those of an earlier pack of it, and proves it:
 * the pack is read back from git, and each document compared with the one that went in, by its bytes and by what they say.
 * @param files of the month in the fetched branch, pack files among them
 * @throws UserError naming damage of the month; or when the proof fails
 */
export async function packMonth(
  scratch: Scratch,
  month: string,
  { files, signal }: { files: readonly StoredFile[]; signal: AbortSignal },
): Promise<MonthPack> {
  const folder = await mkdtemp(join(scratch.folder, "month-"));
  try {
    await checkOutInto(scratch, folder, [MARKER_FILE, ...files.map(({ path }) => path)]);
    const found = new Map<string, Found>();
    const content = await readFolder(
      folder,
      (run, text) => {
        found.set(blobId(text), { run, text });
        return [];
      },
      signal,
    );
    checkSound(content, month);
    const { documents, packed, left } = choose(content.packed, files, found);
    const none = { month, runs: 0, proven: { runs: 0, points: 0 }, bytes: { before: 0, after: 0 }, changes: [], left };
    if (packed.length === 0) return none;
    const pack = await storePack(scratch, month, { documents, found, signal }).catch((error) => {
      if (!(error instanceof UserError)) throw error;
      left.push({ file: packPath(month), message: `${month} stays as it is: ${packPath(month)} ${error.message}` });
      return null;
    });
    if (pack === null) return none;
    const index = { path: packIndexPath(month), text: serializePackIndex(documents) };
    const proven = await prove(scratch, month, { pack, index: index.text, documents, found, signal });
    const before = files.filter(({ path }) => !isRunPath(path) || packed.some((file) => file.path === path));
    const sizes = await Promise.all(before.map(async ({ path }) => (await stat(join(folder, path))).size));
    return {
      month,
      runs: packed.length,
      proven,
      bytes: { before: sum(sizes), after: pack.size + Buffer.byteLength(index.text) },
      changes: [
        { path: pack.path, blob: pack.blob },
        index,
        ...packed.map(({ path }) => ({ path, removed: true as const })),
      ],
      left,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checkSound({ problems }: FolderContent, month: string): void {
  if (problems.length === 0) return;
  const list = problems.map(({ message }) => `- ${message}`).join("\n");
  throw new UserError(`the runs of ${month} have damaged files, and nothing was packed; verify says more:\n${list}`);
}

/** Which documents the pack will hold, and which files go for it. */
function choose(earlier: readonly PackedDocument[], files: readonly StoredFile[], found: ReadonlyMap<string, Found>) {
  const blobs = new Map(earlier.map(({ id, blob }) => [id, blob]));
  const documents = [...earlier];
  const packed: StoredFile[] = [];
  const left: Problem[] = [];
  for (const file of files.filter(({ path }) => isRunPath(path))) {
    const { run, text } = found.get(file.blob) ?? { run: null, text: "" };
    const there = run === null ? undefined : blobs.get(run.id);
    const say = (why: string) => left.push({ file: file.path, message: `${file.path} stays as it is: ${why}` });
    if (there !== undefined && there !== file.blob) say("the pack has the same run in another spelling");
    else if (run === null || packLine(text) === null) say("out of a pack it would not come back byte for byte");
    else {
      packed.push(file);
      if (there === undefined) documents.push({ id: run.id, blob: file.blob });
    }
  }
  return { documents: documents.toSorted((a, b) => (a.id < b.id ? -1 : 1)), packed, left };
}

/** @throws UserError for more than a pack may hold */
async function storePack(
  scratch: Scratch,
  month: string,
  { documents, found, signal }: Pick<Claim, "documents" | "found" | "signal">,
): Promise<StoredFile & { size: number }> {
  const bytes = await packLines(
    documents.map(({ blob }) => packLine(found.get(blob)!.text)!),
    signal,
  );
  const file = join(scratch.folder, `${month}.jsonl.gz`);
  await writeFile(file, bytes);
  const blob = (await scratch.git(["hash-object", "-w", "--no-filters", file])).trim();
  await rm(file);
  return { path: packPath(month), blob, size: bytes.length };
}

interface Claim {
  pack: StoredFile;
  index: string;
  documents: readonly PackedDocument[];
  found: ReadonlyMap<string, Found>;
  signal: AbortSignal;
}

/** The blobs of `documents` are git's own names of what lay in `runs/`: no other bytes have them. */
async function prove(scratch: Scratch, month: string, { pack, index, documents, found, signal }: Claim) {
  const read = await judgePack(await readBytesAt(scratch, pack), {
    month,
    index: parsePackIndex(index, packIndexPath(month)),
    inspect: () => [],
    signal,
  });
  let isEqual = true;
  for (const [i, { id, blob }] of documents.entries()) {
    await breathe(signal);
    const back = read.documents[i];
    isEqual &&= back?.id === id && back.blob === blob && isDeepStrictEqual(back.run, found.get(blob)!.run);
  }
  if (!isEqual || read.problems.length > 0 || read.documents.length !== documents.length) {
    const said = read.problems.map(({ message }) => `: ${message}`)[0] ?? "";
    throw new UserError(`the pack of ${month} did not read back equal, so nothing was changed${said}`);
  }
  return { runs: read.documents.length, points: sum(read.documents.map(({ run }) => pointsOf(run).length)) };
}
