import type { z } from "zod";
import { checked } from "../../checked.ts";
import { messageOf, UserError } from "../../errors.ts";
import { mistakeLines, mistakeText } from "../../mistakes.ts";
import { excesses } from "../../result/checks/excesses.ts";
import { overfull } from "../../result/checks/overfull.ts";
import { Run } from "../../result/document/run.ts";
import { Accepted } from "../records/accepted.ts";
import { Renaming } from "../records/renaming.ts";
import { Retraction } from "../records/retraction.ts";
import { DatabaseMarker } from "./layout.ts";
import { type Migration, migrated } from "./migrate.ts";

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

export function serializeMarker(marker: DatabaseMarker): string {
  return `${JSON.stringify(marker)}\n`;
}

/** None yet: version 1 has only ever been added to. */
const RUN_MIGRATIONS: readonly Migration[] = [];

/**
 * One with more entries than any is damaged to every reader: what makes pages of it would fail for all the others, too.
 * @throws UserError naming the file and what is wrong with it
 */
export function parseRun(text: string, file: string): Run {
  const parts = { text, file, schema: Run, family: "pitwall.run", version: 1, migrations: RUN_MIGRATIONS };
  const run = parseDocument(parts);
  const [excess] = excesses(run);
  if (excess === undefined) return run;
  throw new UserError(`${file} ${excess.text}`);
}

/** @throws UserError naming the file and what is wrong with it */
export function parseMarker(text: string, file: string): DatabaseMarker {
  return parseDocument({ text, file, schema: DatabaseMarker, family: "pitwall.database", version: 1 });
}

/** @throws UserError naming the file and what is wrong with it */
export function parseRetraction(text: string, file: string): Retraction {
  return parseDocument({ text, file, schema: Retraction, family: "pitwall.retraction", version: 1 });
}

/** @throws UserError naming the file and what is wrong with it */
export function parseRenaming(text: string, file: string): Renaming {
  return parseDocument({ text, file, schema: Renaming, family: "pitwall.renaming", version: 1 });
}

/** @throws UserError naming the file and what is wrong with it */
export function parseAccepted(text: string, file: string): Accepted {
  return parseDocument({ text, file, schema: Accepted, family: "pitwall.accepted", version: 1 });
}

/** Keys in the order of their names. */
export function byName<T>(record: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

interface Document<S extends z.ZodType> {
  text: string;
  file: string;
  schema: S;
  /** Schema name without its version. */
  family: string;
  version: number;
  /** From older versions. */
  migrations?: readonly Migration[];
}

function parseDocument<S extends z.ZodType>(document: Document<S>): z.output<S> {
  const { text, file, schema, family, version, migrations = [] } = document;
  const value = migrated(parseText(text, file), { family, version, migrations });
  const name = (value as { schema?: unknown } | null)?.schema;
  const found = typeof name === "string" ? /^(.*)\/(\d+)$/.exec(name) : null;
  if (found?.[1] === family && Number(found[2]) > version) {
    throw new UserError(
      `${file} was written by a newer pitwall: it needs a version that reads ${name}, this one reads up to ` +
        `${family}/${version}. Update pitwall`,
    );
  }
  if (name !== `${family}/${version}`) {
    const has = name === undefined ? "none" : JSON.stringify(name);
    throw new UserError(`${file} should have the schema “${family}/${version}”, but has ${has}`);
  }
  const most = overfull(value);
  if (most !== undefined) throw new UserError(`${file}: ${mistakeText(most)}`);
  const parsed = checked(schema, value);
  if (parsed.success) return parsed.data;
  throw new UserError(`${file} does not have the form of ${name}:\n${mistakeLines(parsed.error)}`);
}

function parseText(text: string, file: string): unknown {
  if (text.trim() === "") throw new UserError(`${file} is empty`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const problem = /^(<{7}|={7}|>{7})/m.test(text)
      ? "holds the conflict markers of a merge"
      : `is not valid JSON: ${messageOf(cause)}`;
    throw new UserError(`${file} ${problem}`, { cause });
  }
}
