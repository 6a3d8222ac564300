import type { Run } from "../result/run.ts";
import type { Problem } from "./folder.ts";
import { runPath } from "./layout.ts";
import { type Access, readContent } from "./read.ts";

export interface Verdict {
  /** The branch, in words. */
  place: string;
  /** Good documents that count. */
  runs: number;
  /** Those that were retracted. */
  retracted: number;
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
  const { place, runs, retractions, problems } = await readContent(source, access, lookAlone);
  return {
    place,
    runs: runs.length,
    retracted: retractions.length,
    problems: [...problems, ...lookForTwins(runs)],
  };
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
function lookForTwins(runs: readonly Run[]): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { id, cells, startedAt, host } of runs) {
    if (!cells.some(({ status }) => status === "ok")) continue;
    const content = JSON.stringify([startedAt, host, cells]);
    const twin = seen.get(content);
    const file = runPath({ id });
    if (twin === undefined) seen.set(content, id);
    else problems.push({ file, message: `${file} holds the same measurements as the run ${twin}` });
  }
  return problems;
}
