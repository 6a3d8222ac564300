import { UserError } from "../../errors.ts";
import { excesses } from "../../result/checks/excesses.ts";
import { Run } from "../../result/document/run.ts";
import { type Format, parseDocument } from "./parse-document.ts";

/** No migrations yet: version 1 has only ever been added to. */
export const RUN_FORMAT: Format<Run> = { schema: Run, family: "pitwall.run", version: 1 };

/**
 * The one text of a run document: the same run gives the same bytes whoever writes it, so that git itself tells equal
 * from different. Keys in the schema's order, parameters by name; a line for each top-level key and each cell, which
 * costs next to nothing over one line and lets a person, `git grep` and a forge's viewer read it.
 * @throws a ZodError when it is not a run document
 */
export function serializeRun(run: Run): string {
  const { cells, ...head } = Run.parse(run);
  const lines = Object.entries(head)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)},\n`);
  const cellLines = cells.map((cell) => JSON.stringify({ ...cell, params: byName(cell.params) }));
  return `{\n${lines.join("")}"cells":[\n${cellLines.join(",\n")}\n]}\n`;
}

/** The same in one line, for JSON lines. */
export function serializeRunLine(run: Run): string {
  return `${JSON.stringify(JSON.parse(serializeRun(run)))}\n`;
}

/**
 * One with more entries than any is damaged to every reader: what makes pages of it would fail for all the others, too.
 * @throws UserError naming the file and what is wrong with it
 */
export function parseRun(text: string, file: string): Run {
  const run = parseDocument(text, file, RUN_FORMAT);
  const [excess] = excesses(run);
  if (excess === undefined) return run;
  throw new UserError(`${file} ${excess.text}`);
}

/** Keys in the order of their names. */
export function byName<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
