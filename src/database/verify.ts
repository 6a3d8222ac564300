import type { Run } from "../result/run.ts";
import type { Problem } from "./folder.ts";
import { type Access, readContent } from "./read.ts";

export interface Verdict {
  /** The branch, in words. */
  place: string;
  /** Good documents. */
  runs: number;
  /** By file; empty for a branch that can be trusted. */
  problems: Problem[];
}

/**
 * Checks a whole data branch: each file as a reader does (format, id, folder, size, encoding), and what only shows beside
 * the others or between the lines: order, times, duplicates, line ends.
 * @param source a folder in the published layout, or `REPOSITORY#BRANCH`
 * @throws UserError when there is no such branch
 */
export async function verifyDatabase(source: string, access: Access = {}): Promise<Verdict> {
  const seen = new Map<string, string>();
  const { place, runs, problems } = await readContent(source, access, (run, text) => [
    ...lookAlone(run, text),
    ...lookForTwin(run, seen),
  ]);
  return { place, runs: runs.length, problems };
}

function lookAlone({ id, startedAt, finishedAt, cells }: Run, text: string): string[] {
  const problems: string[] = [];
  if (text.includes("\r\n")) problems.push("has line ends of Windows (CRLF): its bytes were changed on the way");
  const moment = startedAt.slice(0, 19).replaceAll(/[-:]/g, "");
  if (!id.startsWith(moment)) problems.push(`breaks the order: its id says another time than startedAt, ${startedAt}`);
  if (Date.parse(finishedAt) < Date.parse(startedAt))
    problems.push(`ended (${finishedAt}) before it began (${startedAt})`);
  const twice = cells.map((cell) => cell.id).filter((cell, index, all) => all.indexOf(cell) < index);
  for (const cell of new Set(twice)) problems.push(`has the cell ${cell} more than once`);
  return problems;
}

/** The same measurement under two ids would count twice. A run without numbers has nothing to count. */
function lookForTwin({ id, cells, startedAt, host }: Run, seen: Map<string, string>): string[] {
  if (!cells.some(({ status }) => status === "ok")) return [];
  const content = JSON.stringify([startedAt, host, cells]);
  const twin = seen.get(content);
  if (twin !== undefined) return [`holds the same measurements as the run ${twin}`];
  seen.set(content, id);
  return [];
}
