import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Run } from "../result/run.ts";
import { parseMarker, parseRun } from "./document.ts";
import { byTime, kindOfPath, MARKER_FILE } from "./layout.ts";

/** One file that cannot be used; the message names it. */
export interface Problem {
  file: string;
  message: string;
}

export interface FolderContent {
  /** The good ones, oldest first. */
  runs: Run[];
  problems: Problem[];
}

/** A closer look at a run than reading takes. @returns what is wrong, a sentence each */
export type Inspect = (run: Run, text: string) => string[];

/** Far above any run document; whole samples belong into an artifact. */
const LARGEST_MIB = 5;

/** Reads a folder in the published layout and judges every file in it. */
export async function readFolder(folder: string, inspect: Inspect = () => []): Promise<FolderContent> {
  const content: FolderContent = { runs: [], problems: [] };
  const files = await filesBelow(folder, "");
  if (!files.some(({ path }) => path === MARKER_FILE)) {
    content.problems.push({ file: MARKER_FILE, message: `${MARKER_FILE} is missing` });
  }
  for (const file of files) {
    try {
      await readInto(content, { folder, inspect, ...file });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      content.problems.push({ file: file.path, message: error.message });
    }
  }
  content.runs.sort(byTime);
  return content;
}

interface FileToRead extends FoundFile {
  folder: string;
  inspect: Inspect;
}

async function readInto({ runs, problems }: FolderContent, file: FileToRead): Promise<void> {
  const { folder, inspect, path, isPlain } = file;
  const kind = kindOfPath(path);
  if (kind === "hidden") return;
  if (!isPlain) throw new UserError(`${path} is not a plain file`);
  switch (kind) {
    case "unknown":
      throw new UserError(`${path} does not belong on a data branch`);
    case "marker":
      parseMarker(await readText(folder, path), path);
      return;
    case "run": {
      const text = await readText(folder, path);
      const run = parseRun(text, path);
      if (!path.endsWith(`/${run.id}.json`)) throw new UserError(`${path} holds a run with another id, ${run.id}`);
      runs.push(run);
      problems.push(...inspect(run, text).map((problem) => ({ file: path, message: `${path} ${problem}` })));
      return;
    }
    case "readme":
    case "legacy":
    case "accepted":
      return;
    default:
      kind satisfies never;
  }
}

async function readText(folder: string, path: string): Promise<string> {
  const { size } = await stat(join(folder, path));
  if (size > LARGEST_MIB * 2 ** 20) {
    throw new UserError(
      `${path} is ${(size / 2 ** 20).toFixed(1)} MiB, more than any document has (${LARGEST_MIB} MiB)`,
    );
  }
  const bytes = await readFile(join(folder, path));
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${path} is not valid UTF-8`, { cause });
  }
}

interface FoundFile {
  /** Below the folder, with slashes. */
  path: string;
  isPlain: boolean;
}

/** In the order of their names; hidden folders at the top are not entered. */
async function filesBelow(folder: string, prefix: string): Promise<FoundFile[]> {
  const files: FoundFile[] = [];
  const entries = await readdir(join(folder, prefix), { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${prefix}${entry.name}`;
    if (!entry.isDirectory()) files.push({ path, isPlain: entry.isFile() });
    else if (kindOfPath(path) !== "hidden") files.push(...(await filesBelow(folder, `${path}/`)));
  }
  return files;
}
