import type { Run } from "./run.ts";

/**
 * What contradicts itself in a document whose form is right. Nothing of it may be published, for documents never change.
 * @returns a sentence each, to stand behind the name of the file
 */
export function inconsistencies({ id, startedAt, finishedAt, cells }: Run): string[] {
  const problems: string[] = [];
  const moment = startedAt.slice(0, 19).replaceAll(/[-:]/g, "");
  if (!id.startsWith(moment)) problems.push(`breaks the order: its id says another time than startedAt, ${startedAt}`);
  if (Date.parse(finishedAt) < Date.parse(startedAt))
    problems.push(`ended (${finishedAt}) before it began (${startedAt})`);
  const twice = cells.map((cell) => cell.id).filter((cell, index, all) => all.indexOf(cell) < index);
  for (const cell of new Set(twice)) problems.push(`has the cell ${cell} more than once`);
  return problems;
}
