import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import type { Run, RunHead } from "../../result/document/run.ts";
import { byTime, kindOfPath, MARKER_FILE } from "../document/layout.ts";
import { parseAt } from "../document/parse-at.ts";
import { readText } from "../document/text-file.ts";
import type { PackedDocument } from "../pack/packed-index.ts";
import { joinPacked, readPacks } from "../pack/packed-read.ts";
import {
  addRecord,
  type Found,
  hiddenBy,
  named,
  noRecords,
  subjectsOf,
  type Told,
  toldBy,
} from "../records/applied.ts";
import type { ChangeCells } from "../records/kind.ts";
import { changeCells } from "../records/renaming.ts";
import { runPath } from "../records/run.ts";
import type { Inspect, Problem } from "./problem.ts";

/** What lies in a folder, file by file. */
export interface FoundContent<R = Run> {
  runs: R[];
  found: Found;
  problems: Problem[];
}

export const nothingFound = (problems: Problem[] = []): FoundContent => ({ runs: [], found: noRecords(), problems });

/** What all of its files say together. */
export interface FolderContent<R = Run> {
  /** The good ones that nobody retracted, oldest first, with the names that they were given since. */
  runs: R[];
  /** The good records, of each kind, as they are; and what they tell beside the runs. */
  found: Found;
  records: Told;
  problems: Problem[];
}

export interface ReadFolder extends FolderContent {
  /** Those documents, retracted ones among them, that lie in packs. */
  packed: PackedDocument[];
}

/** Reads a folder in the published layout and judges every file in it. @throws the signal's reason when it aborts */
export async function readFolder(
  folder: string,
  inspect: Inspect = () => [],
  signal?: AbortSignal,
): Promise<ReadFolder> {
  const files = await filesBelow(folder, "");
  const content = nothingFound(missingMarker(files));
  for (const file of files) {
    signal?.throwIfAborted();
    await judge(content, { folder, inspect, ...file });
  }
  const paths = files.filter(({ isPlain }) => isPlain).map(({ path }) => path);
  const { documents, problems } = await readPacks(folder, paths, { inspect, signal });
  const joined = joinPacked(content.runs, documents);
  content.runs = joined.runs;
  content.problems.push(...problems, ...joined.problems);
  const packed = documents.map(({ id, blob }) => ({ id, blob }));
  return { ...settled(content, files, changeCells), packed };
}

export function missingMarker(files: readonly FoundFile[]): Problem[] {
  if (files.some(({ path }) => path === MARKER_FILE)) return [];
  return [{ file: MARKER_FILE, message: `${MARKER_FILE} is missing` }];
}

/** Reads one file into `content`; what is wrong with it becomes a problem. Packs are read by {@link readPacks}. */
export async function judge(content: FoundContent, file: FileToRead): Promise<void> {
  try {
    await readInto(content, file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    content.problems.push({ file: file.path, message: error.message });
  }
}

/** What all files together say: the runs that were not retracted, in the order of time, under the names of today. */
export function settled<R extends RunHead>(
  { runs, found, problems }: FoundContent<R>,
  files: readonly FoundFile[],
  change: ChangeCells<R>,
): FolderContent<R> {
  const today = named(runs.toSorted(byTime), found, change);
  const hidden = hiddenBy(found);
  const there = new Set([...files.map(({ path }) => path), ...runs.map(runPath)]);
  const ofNothing = subjectsOf(found)
    .filter(({ run }) => !there.has(runPath({ id: run })))
    .map(({ file, does }) => ({ file, message: `${file} ${does} a run that is not on the branch` }));
  return {
    runs: today.filter(({ id }) => !hidden.has(id)),
    found,
    records: toldBy(found, new Map(today.map((run) => [run.id, run]))),
    problems: [...problems, ...ofNothing],
  };
}

export interface FileToRead extends FoundFile {
  folder: string;
  inspect: Inspect;
}

async function readInto({ runs, found, problems }: FoundContent, file: FileToRead): Promise<void> {
  const { folder, inspect, path, isPlain } = file;
  const kind = kindOfPath(path);
  if (kind === "hidden") return;
  if (!isPlain) throw new UserError(`${path} is not a plain file`);
  const text = NOT_OPENED.has(kind) ? "" : await readText(join(folder, path), path);
  const parsed = parseAt(path, text);
  if (parsed === null || parsed.kind === "marker") return;
  if (parsed.kind !== "run") return addRecord(found, parsed, path);
  runs.push(parsed.value);
  problems.push(...inspect(parsed.value, text).map((problem) => ({ file: path, message: `${path} ${problem}` })));
}

/** Too large to be a document, or none. */
const NOT_OPENED: ReadonlySet<ReturnType<typeof kindOfPath>> = new Set([
  "unknown",
  "pack",
  "pack-index",
  "readme",
  "legacy",
]);

export interface FoundFile {
  /** Below the folder, with slashes. */
  path: string;
  isPlain: boolean;
}

/** In the order of their names; hidden folders at the top are not entered. */
export async function filesBelow(folder: string, prefix: string): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${prefix}${entry.name}`;
    if (!entry.isDirectory()) files.push({ path, isPlain: entry.isFile() });
    else if (kindOfPath(path) !== "hidden") files.push(...(await filesBelow(folder, `${path}/`)));
  }
  return files;
}
