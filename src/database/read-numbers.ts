import { lstat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { type FolderContent, type FoundFile, filesBelow, judge, missingMarker, settled } from "./folder.ts";
import { kindOfPath } from "./layout.ts";
import { numbersOf, type RunNumbers } from "./numbers.ts";
import { type Access, type BranchSource, checkOut, openBranch, parseSource, placeOf } from "./read.ts";
import { openReadCache } from "./read-cache.ts";
import { fetchBlobs, type Scratch, TIP } from "./scratch.ts";
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

type Known = ReadonlyMap<string, CachedFile>;

/**
 * The numbers of a data branch for queries, with what is wrong beside them: what reading every file gives, but files that an
 * earlier read found good are not read again. Only run documents are cached: what applies to them, retractions above all, is
 * read each time.
 */
export async function readNumbers(
  source: string | BranchSource,
  access: Access = {},
): Promise<FolderContent<RunNumbers>> {
  const from = typeof source === "string" ? parseSource(source) : source;
  const cache = openReadCache("folder" in from ? resolve(from.folder) : placeOf(from), access.env ?? process.env);
  const known = await cache.load();
  if ("folder" in from) {
    const listing = { files: await listFolder(from.folder), bring: async () => from.folder };
    return await readListed(listing, known, cache.save);
  }
  // With nothing known all of it is needed, which one fetch brings faster than two.
  const depth = known.size === 0 ? "everything" : "folders";
  await using scratch = await openBranch(from, access, depth);
  return await readListed(await listBranch(scratch, depth === "folders"), known, cache.save);
}

async function readListed(
  { files, bring }: Listing,
  known: Known,
  save: (files: CachedFile[]) => Promise<void>,
): Promise<FolderContent<RunNumbers>> {
  const content: FolderContent<RunNumbers> = { runs: [], retractions: [], problems: missingMarker(files) };
  const isKnown = ({ path, identity }: IdentifiedFile) => identity !== null && known.get(path)?.identity === identity;
  const folder = await bring(files.filter((file) => !isKnown(file)));
  const good: CachedFile[] = [];
  const changed = new Set<string>();
  for (const file of files) {
    const cached = isKnown(file) ? known.get(file.path)! : await readFile(content, folder, file);
    if (cached === null) continue;
    content.runs.push(...cached.runs);
    good.push(cached);
    if (cached !== known.get(file.path)) changed.add(dirname(file.path));
  }
  if (changed.size > 0) await save(good.filter(({ path }) => changed.has(dirname(path))));
  return settled(content, files);
}

/** @returns what can be cached; the rest goes into `content` */
async function readFile(
  content: FolderContent<RunNumbers>,
  folder: string,
  { path, isPlain, identity }: IdentifiedFile,
): Promise<CachedFile | null> {
  const own: FolderContent = { runs: [], retractions: [], problems: [] };
  await judge(own, { folder, path, isPlain, inspect: () => [] });
  content.problems.push(...own.problems);
  content.retractions.push(...own.retractions);
  const runs = own.runs.map(numbersOf);
  const isCachable = runs.length > 0 && own.problems.length === 0 && identity !== null;
  if (isCachable) return { path, identity, runs };
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
  const entries = (await scratch.git(["ls-tree", "-r", "-z", "--full-tree", TIP])).split("\0").slice(0, -1);
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
  return { files: inOrder(entries.map(fileOf)), bring };
}

/** @param entry of ls-tree: `100644 blob <id>`, a tab, the path */
function fileOf(entry: string): IdentifiedFile {
  const [mode = "", , blob = ""] = entry.split(/[ \t]/, 3);
  return { path: entry.slice(entry.indexOf("\t") + 1), isPlain: mode.startsWith("100"), identity: blob };
}

const NEVER_READ: ReadonlySet<ReturnType<typeof kindOfPath>> = new Set(["readme", "legacy", "hidden", "unknown"]);

/** As {@link filesBelow} has them: folder by folder in the order of their names. */
function inOrder(files: IdentifiedFile[]): IdentifiedFile[] {
  return files
    .map((file) => ({ file, key: file.path.replaceAll("/", "\0") }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ file }) => file);
}
