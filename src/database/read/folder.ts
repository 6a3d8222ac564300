import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import type { Run, RunHead } from "../../result/document/run.ts";
import type { AcceptedChange } from "../../verdict/accepted.ts";
import { byTime, kindOfPath, MARKER_FILE, runPath } from "../document/layout.ts";
import { parseAt } from "../document/parse-at.ts";
import { readText } from "../document/text-file.ts";
import type { PackedDocument } from "../pack/packed-index.ts";
import { joinPacked, readPacks } from "../pack/packed-read.ts";
import type { Accepted } from "../records/accepted.ts";
import { applyRenamings, type Renaming } from "../records/renaming.ts";
import { type Retraction, retractionPath } from "../records/retraction.ts";
import type { Inspect, Problem } from "./problem.ts";

/** What lies in a folder, file by file. */
export interface FoundContent<R = Run> {
  runs: R[];
  retractions: Retraction[];
  renamings: Renaming[];
  accepted: (Accepted & { file: string })[];
  problems: Problem[];
}

export const nothingFound = (problems: Problem[] = []): FoundContent => ({
  ...{ runs: [], retractions: [], renamings: [], accepted: [] },
  problems,
});

/** What all of its files say together. */
export interface FolderContent<R = Run> {
  /** The good ones that nobody retracted, oldest first, with the names that they were given since. */
  runs: R[];
  /** The good ones that no longer count; their runs are not among `runs`. */
  retractions: Retraction[];
  renamings: Renaming[];
  accepted: (AcceptedChange & { file: string })[];
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
  return { ...settled(content, files, applyRenamings), packed };
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
  { runs, retractions, renamings, accepted, problems }: FoundContent<R>,
  files: readonly FoundFile[],
  rename: (runs: readonly R[], renamings: readonly Renaming[]) => R[],
): FolderContent<R> {
  const retracted = new Set(retractions.map(({ run }) => run));
  const named = rename(runs.toSorted(byTime), renamings);
  const there = new Set([...files.map(({ path }) => path), ...runs.map(runPath)]);
  const about = [
    ...retractions.map(({ run }) => ({ run, file: retractionPath(run), does: "retracts" })),
    ...accepted.map(({ from, file }) => ({ run: from, file, does: "accepts changes from" })),
  ];
  const ofNothing = about
    .filter(({ run }) => !there.has(runPath({ id: run })))
    .map(({ file, does }) => ({ file, message: `${file} ${does} a run that is not on the branch` }));
  const byId = new Map(named.map((run) => [run.id, run]));
  return {
    runs: named.filter(({ id }) => !retracted.has(id)),
    retractions,
    renamings,
    // A retracted run still tells when and where the change was.
    accepted: accepted.flatMap(({ series, from, why, file }) => {
      const run = byId.get(from);
      return run === undefined ? [] : [{ series, from: run, why, file }];
    }),
    problems: [...problems, ...ofNothing],
  };
}

export interface FileToRead extends FoundFile {
  folder: string;
  inspect: Inspect;
}

async function readInto(content: FoundContent, file: FileToRead): Promise<void> {
  const { runs, retractions, renamings, accepted, problems } = content;
  const { folder, inspect, path, isPlain } = file;
  const kind = kindOfPath(path);
  if (kind === "hidden") return;
  if (!isPlain) throw new UserError(`${path} is not a plain file`);
  const text = NOT_OPENED.has(kind) ? "" : await readText(join(folder, path), path);
  const parsed = parseAt(path, text);
  switch (parsed?.kind) {
    case undefined:
    case "marker":
      return;
    case "run": {
      const { run } = parsed;
      runs.push(run);
      problems.push(...inspect(run, text).map((problem) => ({ file: path, message: `${path} ${problem}` })));
      return;
    }
    case "retraction":
      retractions.push(parsed.retraction);
      return;
    case "renaming":
      renamings.push(parsed.renaming);
      return;
    case "accepted":
      accepted.push({ ...parsed.accepted, file: path });
      return;
    default:
      parsed satisfies undefined;
  }
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
