import { z } from "zod";
import { UserError } from "../errors.ts";
import { parseJson } from "../files.ts";
import type { SourceFile } from "./imported-run.ts";
import { type CsvTable, readCsv } from "./table.ts";

/** One series of somebody's own numbers, oldest first. */
export interface NumbersFile {
  /** null where a run has no number. */
  values: (number | null)[];
  better?: "lower" | "higher" | undefined;
  /** Places in `values` from which on a new level begins, because a person said so. */
  restarts: number[];
}

const Values = z.array(z.number().nullable()).min(1, "must hold at least one number");
const Series = z
  .strictObject({
    values: Values,
    better: z.enum(["lower", "higher"]).optional(),
    restarts: z.array(z.int().min(0)).default([]),
  })
  .refine(({ values, restarts }) => restarts.every((place) => place < values.length), {
    path: ["restarts"],
    message: "must be places in values, counted from 0",
  });
const Json = z.union([Values, Series]);

/**
 * A JSON array, `{"values": […], "better": "lower", "restarts": […]}`, or a column of a CSV file.
 * @param column its name; without one, the only column that holds numbers
 * @throws UserError naming file, line and what to mend
 */
export function readNumbers(file: SourceFile, column?: string): NumbersFile {
  if (!/^\s*[[{]/.test(file.text.replace(/^\uFEFF/, ""))) return { values: columnOf(file, column), restarts: [] };
  if (column !== undefined) throw new UserError(`${file.name} is JSON and has no column ${column}: leave --column out`);
  // An array of other things would be called no object.
  const schema = /^\s*\[/.test(file.text) ? Values : Json;
  const content = parseJson(file.text, schema, file.name);
  return Array.isArray(content) ? { values: content, restarts: [] } : content;
}

function columnOf(file: SourceFile, given: string | undefined): (number | null)[] {
  const table = withHeader(file);
  const { header, rows } = table;
  const numeric = header.filter((name) => isNumeric(table, name));
  const column = given ?? (numeric.length === 1 ? numeric[0]! : undefined);
  const choices = header.join(", ");
  if (column === undefined) throw new UserError(`${file.name} has the columns ${choices}: name one with --column`);
  if (!header.includes(column)) throw new UserError(`${file.name} has no column ${column}; there are ${choices}`);
  return rows.map((row) => {
    const text = row.text(column)!;
    const number = Number(text);
    if (Number.isFinite(number)) return text === "" ? null : number;
    throw new UserError(`${row.place}: ${column} must be a number (got ${JSON.stringify(text)})`);
  });
}

/** A list of bare numbers has no name for its column. */
function withHeader(file: SourceFile): CsvTable {
  const [first = ""] = file.text.replace(/^\uFEFF/, "").split(/\r?\n/, 1);
  const isBare = first.trim() !== "" && Number.isFinite(Number(first));
  return readCsv(isBare ? { ...file, text: `values\n${file.text.replace(/^\uFEFF/, "")}` } : file);
}

function isNumeric({ rows }: CsvTable, name: string): boolean {
  const texts = rows.map((row) => row.text(name)!).filter((text) => text !== "");
  return texts.length > 0 && texts.every((text) => Number.isFinite(Number(text)));
}
