import { lstat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { kindOfPath } from "../document/layout.ts";
import { fetchBlobs, type Scratch, TIP } from "../git-home/plumbing/scratch.ts";
import { isPlainFile, treeEntries } from "../git-home/plumbing/tree.ts";
import { packFileOf, packPath } from "../pack/packed-index.ts";
import { readPacks } from "../pack/packed-read.ts";
import {
  type FolderContent,
  type FoundContent,
  type FoundFile,
  filesBelow,
  judge,
  missingMarker,
  nothingFound,
  settled,
} from "../read/folder.ts";
import { type Access, type BranchSource, checkOut, openBranch, placeOf, readContent, sourceOf } from "../read/read.ts";
import { addRecords } from "../records/applied.ts";
import { cellRenamer, numbersOf, type RunNumbers } from "./numbers.ts";
import { openReadCache, type ReadCache } from "./read-cache.ts";
import type { CachedFile } from "./segment.ts";

interface IdentifiedFile extends FoundFile {
  /** Another content has another one; null where that is not certain. */
  identity: string | null;
}

/** The files of a data branch, before they are read. */
interface Listing {
  files: IdentifiedFile[];
  /** Brings these into a folder, at their paths. */
  bring(files: readonly IdentifiedFile[]): Promise<string>;
}

/** What is read together: one file, or a pack with its index. */
interface Unit {
  path: string;
  files: IdentifiedFile[];
  identity: string | null;
}

type Known = ReadonlyMap<string, CachedFile>;
type Content = FolderContent<RunNumbers>;
type Found = FoundContent<RunNumbers>;

/**
 * The numbers of a data branch for queries, with what is wrong beside them: what reading every file gives, but files that an
 * earlier read found good are not read again. Only run documents are cached: what applies to them, retractions above all, is
 * read each time.
 */
export async function readNumbers(source: string | BranchSource, access: Access = {}): Promise<Content> {
  const from = sourceOf(source);
  const found = await readWithCache(from, access);
  if (found !== null) return found;
  const content = await readContent("folder" in from ? from.folder : from, access);
  return { ...content, runs: content.runs.map(numbersOf) };
}

/** @returns null for what only documents can tell: whether a run that lies in a file and in a pack is the same in both */
async function readWithCache(from: BranchSource | { folder: string }, access: Access): Promise<Content | null> {
  const cache = openReadCache("folder" in from ? resolve(from.folder) : placeOf(from), access.env ?? process.env);
  const known = await cache.load();
  if ("folder" in from) {
    const listing = { files: await listFolder(from.folder), bring: async () => from.folder };
    return await readListed(listing, known, { cache, signal: access.signal });
  }
  // With nothing known all of it is needed, which one fetch brings faster than two.
  const depth = known.size === 0 ? "everything" : "folders";
  await using scratch = await openBranch(from, access, depth);
  return await readListed(await listBranch(scratch, depth === "folders"), known, { cache, signal: access.signal });
}

async function readListed(
  { files, bring }: Listing,
  known: Known,
  { cache, signal }: { cache: ReadCache; signal: AbortSignal | undefined },
): Promise<Content | null> {
  const content: Found = { ...nothingFound(missingMarker(files)), runs: [] };
  const isKnown = ({ path, identity }: Unit) => identity !== null && known.get(path)?.identity === identity;
  const units = unitsOf(files);
  const folder = await bring(units.filter((unit) => !isKnown(unit)).flatMap((unit) => unit.files));
  const good: CachedFile[] = [];
  const fresh: CachedFile[] = [];
  for (const unit of units) {
    signal?.throwIfAborted();
    const cached = isKnown(unit) ? known.get(unit.path)! : await readUnit(content, { folder, signal }, unit);
    if (cached === null) continue;
    content.runs.push(...cached.runs);
    good.push(cached);
    if (cached !== known.get(unit.path)) fresh.push(cached);
  }
  if (fresh.length > 0) await cache.save(good, fresh);
  if (new Set(content.runs.map(({ id }) => id)).size < content.runs.length) return null;
  return settled(content, files, cellRenamer());
}

function unitsOf(files: readonly IdentifiedFile[]): Unit[] {
  const pathOf = (path: string) => {
    const month = packFileOf(path)?.month;
    return month === undefined ? path : packPath(month);
  };
  const units = [...Map.groupBy(files, ({ path }) => pathOf(path))].map(([path, ofUnit]): Unit => {
    const isCertain = ofUnit.every(({ identity }) => identity !== null);
    // A unit of one file is not the same as one that lost the other.
    const identity = ofUnit.map((file) => (file.path === path ? file.identity : `${file.path} ${file.identity}`));
    return { path, files: ofUnit, identity: isCertain ? identity.join(", ") : null };
  });
  // Packs last, as in every other reader.
  return units.toSorted((a, b) => Number(isPack(a)) - Number(isPack(b)));
}

const isPack = ({ path }: Unit) => packFileOf(path) !== null;

/** @returns what can be cached; the rest goes into `content` */
async function readUnit(
  content: Found,
  { folder, signal }: { folder: string; signal: AbortSignal | undefined },
  { path, files, identity }: Unit,
): Promise<CachedFile | null> {
  const own = nothingFound();
  for (const file of files) await judge(own, { folder, ...file, inspect: () => [] });
  const packFiles = files.filter(({ isPlain }) => isPlain).map((file) => file.path);
  const { documents, problems } = await readPacks(folder, packFiles, { inspect: () => [], signal });
  content.problems.push(...own.problems, ...problems);
  addRecords(content.found, own.found);
  const runs = [...own.runs, ...documents.map(({ run }) => run)].map(numbersOf);
  const isCachable = runs.length > 0 && own.problems.length + problems.length === 0;
  if (isCachable && identity !== null) return { path, identity, runs };
  content.runs.push(...runs);
  return null;
}

/** What a clock may be off, and the coarsest time stamps of files (FAT: 2 s) with it. */
const YOUNG_MS = 5000;

/**
 * A change of a file's content or of its times sets ctime to the clock's time, which no program can turn back for a file.
 * So a file with the size, inode and times of an earlier read has its content, unless it changed in the very tick in which
 * it was read; one that is still young is not known by them.
 */
async function listFolder(folder: string): Promise<IdentifiedFile[]> {
  const bornBefore = BigInt(Date.now() - YOUNG_MS) * 1_000_000n;
  const files = await filesBelow(folder, "");
  return await Promise.all(
    files.map(async (file) => {
      const facts = await lstat(join(folder, file.path), { bigint: true }).catch(() => null);
      if (facts === null || facts.ctimeNs >= bornBefore) return { ...file, identity: null };
      const { size, mtimeNs, ctimeNs, ino, dev } = facts;
      return { ...file, identity: [size, mtimeNs, ctimeNs, ino, dev].join(" ") };
    }),
  );
}

async function listBranch(scratch: Scratch, lacksBlobs: boolean): Promise<Listing> {
  const entries = await treeEntries(scratch, TIP, { isDeep: true });
  const bring = async (wanted: readonly IdentifiedFile[]) => {
    const needed = wanted.filter(({ path, isPlain }) => isPlain && !NEVER_READ.has(kindOfPath(path)));
    if (lacksBlobs)
      await fetchBlobs(
        scratch,
        needed.map(({ identity }) => identity!),
      );
    return await checkOut(
      scratch,
      needed.map(({ path }) => path),
    );
  };
  return {
    files: inOrder(entries.map((entry) => ({ path: entry.path, isPlain: isPlainFile(entry), identity: entry.blob }))),
    bring,
  };
}

const NEVER_READ: ReadonlySet<ReturnType<typeof kindOfPath>> = new Set(["readme", "legacy", "hidden", "unknown"]);

/** As {@link filesBelow} has them: folder by folder in the order of their names. */
function inOrder(files: IdentifiedFile[]): IdentifiedFile[] {
  return files
    .map((file) => ({ file, key: file.path.replaceAll("/", "\0") }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ file }) => file);
}
