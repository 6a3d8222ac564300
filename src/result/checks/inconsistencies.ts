import { isWebLink } from "../../foreign-text/web-link.ts";
import { compactMoment, type Run } from "../document/run.ts";
import { excesses } from "./excesses.ts";
import type { Inconsistency } from "./inconsistency.ts";

/** What contradicts itself in a document whose form is right. Nothing of it may be published, for documents never change. */
export function inconsistencies(run: Run): Inconsistency[] {
  const { id, startedAt, finishedAt, trigger, cells } = run;
  const problems = excesses(run);
  if (!id.startsWith(compactMoment(startedAt))) {
    problems.push({ path: ["id"], text: `breaks the order: its id says another time than startedAt, ${startedAt}` });
  }
  if (Date.parse(finishedAt) < Date.parse(startedAt)) {
    problems.push({ path: ["finishedAt"], text: `ended (${finishedAt}) before it began (${startedAt})` });
  }
  for (const name of ["runUrl", "sourceRepository"] as const) {
    const link = trigger[name];
    if (link != null && !isWebLink(link)) {
      const text = `has a link that a click must not open in trigger.${name}: it must begin with https:// or http://`;
      problems.push({ path: ["trigger", name], text });
    }
  }
  const times = new Map<string, number>();
  for (const [index, cell] of cells.entries()) {
    const time = (times.get(cell.id) ?? 0) + 1;
    times.set(cell.id, time);
    if (time === 2) problems.push({ path: ["cells", index], text: `has the cell ${cell.id} more than once` });
  }
  return problems;
}
