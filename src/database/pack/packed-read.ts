import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { counted } from "../../result/counted.ts";
import type { Run } from "../../result/document/run.ts";
import { parseRun, serializeRun } from "../document/document.ts";
import { checkSize, readBytes, readText } from "../document/text-file.ts";
import { blobId } from "../git-home/plumbing/commit.ts";
import type { Inspect, Problem } from "../read/problem.ts";
import { runPath } from "../records/run.ts";
import { breathe } from "./breathe.ts";
import { LARGEST_PACK_MIB, unpackLine, unpackLines } from "./pack.ts";
import { monthOf, type PackedDocument, packFileOf, packIndexPath, packPath, parsePackIndex } from "./packed-index.ts";

export interface PackContent {
  /** Good documents, in the order of the pack. */
  documents: (PackedDocument & { run: Run })[];
  problems: Problem[];
}

/** Ids that one message lists. */
const MOST_LISTED = 20;

interface Reading {
  inspect: Inspect;
  signal?: AbortSignal | undefined;
}

/** Reads and judges the packs of a folder. @param paths plain files of it, below the folder */
export async function readPacks(folder: string, paths: readonly string[], reading: Reading): Promise<PackContent> {
  const months = new Set(paths.flatMap((path) => packFileOf(path)?.month ?? []));
  const all: PackContent = { documents: [], problems: [] };
  for (const month of months) {
    const [pack, index] = [packPath(month), packIndexPath(month)];
    try {
      if (!paths.includes(pack)) throw new UserError(`${pack} is missing, but ${index} is there`);
      const { documents, problems } = await readPack(folder, month, { hasIndex: paths.includes(index), ...reading });
      all.documents.push(...documents);
      all.problems.push(...problems);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      all.problems.push({ file: pack, message: error.message });
    }
  }
  return all;
}

async function readPack(
  folder: string,
  month: string,
  { hasIndex, ...reading }: Reading & { hasIndex: boolean },
): Promise<PackContent> {
  const file = packPath(month);
  const bytes = await readBytes(join(folder, file), file, LARGEST_PACK_MIB);
  const problems: Problem[] = [];
  const index = hasIndex ? await readIndex(folder, month, problems) : null;
  if (!hasIndex) problems.push({ file: packIndexPath(month), message: `${packIndexPath(month)} is missing` });
  const content = await judgePack(bytes, { month, index, ...reading });
  return { documents: content.documents, problems: [...problems, ...content.problems] };
}

async function readIndex(folder: string, month: string, problems: Problem[]): Promise<PackedDocument[] | null> {
  const file = packIndexPath(month);
  try {
    return parsePackIndex(await readText(join(folder, file), file), file);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push({ file, message: error.message });
    return null;
  }
}

interface Expected extends Reading {
  month: string;
  /** null where it cannot be read: the documents are judged without it. */
  index: readonly PackedDocument[] | null;
}

/** Documents that are read between two looks at the signal: some milliseconds. */
const AT_ONCE = 16;

/** What of a pack can be used, and what is wrong with the rest of it; a document that is not the one of the index is not used. */
export async function judgePack(packed: Buffer, { month, index, inspect, signal }: Expected): Promise<PackContent> {
  const file = packPath(month);
  const { lines, damage } = await unpackLines(packed);
  signal?.throwIfAborted();
  const content: PackContent = { documents: [], problems: [] };
  const say = (message: string) => content.problems.push({ file, message: `${file} ${message}` });
  if (damage !== null) say(damage);
  const blobs = index === null ? null : new Map(index.map(({ id, blob }) => [id, blob]));
  const seen = new Set<string>();
  let before = "";
  for (const [i, line] of lines.entries()) {
    if (i % AT_ONCE === 0) await breathe(signal);
    try {
      const { text, run } = parseLine(line, `${file}, line ${i + 1},`);
      const { id } = run;
      const blob = blobId(text);
      const isTwice = seen.has(id);
      seen.add(id);
      const wrong = isTwice ? `has the run ${id} more than once` : whatIsWrong({ id, blob }, month, blobs);
      if (wrong === null) {
        content.documents.push({ id, blob, run });
        for (const problem of inspect(run, text)) say(`holds the run ${id}, which ${problem}`);
      } else say(wrong);
      if (!isTwice && id < before) say(`breaks the order: the run ${id} comes after ${before}`);
      before = id;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      content.problems.push({ file, message: error.message });
    }
  }
  const missing = (index ?? []).map(({ id }) => id).filter((id) => !seen.has(id));
  if (missing.length > 0) say(`lacks ${counted(missing.length, "run")} of ${packIndexPath(month)}: ${listed(missing)}`);
  return content;
}

function parseLine(line: Buffer, name: string) {
  checkSize(line.length, name);
  const text = unpackLine(decode(line, name));
  const [, id] = /"id": ?"([0-9TZ]+-[0-9a-f]{8})"/.exec(text.slice(0, 500)) ?? [];
  return { text, run: parseRun(text, id === undefined ? name : `${name} the run ${id},`) };
}

function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${name} is not valid UTF-8`, { cause });
  }
}

function whatIsWrong({ id, blob }: PackedDocument, month: string, blobs: Map<string, string> | null): string | null {
  if (monthOf(id) !== month) return `holds the run ${id}, which is of another month`;
  if (blobs === null) return null;
  const expected = blobs.get(id);
  if (expected === undefined) return `holds the run ${id}, which is not in ${packIndexPath(month)}`;
  if (expected !== blob) return `holds other bytes of the run ${id} than ${packIndexPath(month)} says`;
  return null;
}

function listed(ids: readonly string[]): string {
  const rest = ids.length > MOST_LISTED ? ` and ${ids.length - MOST_LISTED} more` : "";
  return `${ids.slice(0, MOST_LISTED).join(", ")}${rest}`;
}

/**
 * Joins the runs of packs to those of files. A run in both is one; where the two say different things the pack's counts,
 * which was proven when it was made, and the file is named.
 */
export function joinPacked(
  loose: readonly Run[],
  packed: PackContent["documents"],
): { runs: Run[]; problems: Problem[] } {
  const byId = new Map(packed.map((document) => [document.id, document]));
  const problems: Problem[] = [];
  const runs = loose.filter((run) => {
    const twin = byId.get(run.id);
    if (twin === undefined) return true;
    if (serializeRun(twin.run) !== serializeRun(run)) {
      const file = runPath(run);
      const pack = packPath(monthOf(run.id));
      problems.push({ file, message: `${file} says something else of the run ${run.id} than ${pack}` });
    }
    return false;
  });
  return { runs: [...runs, ...packed.map(({ run }) => run)], problems };
}
