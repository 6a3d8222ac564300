import { UserError } from "../errors.ts";
import type { SourceFile } from "./imported-run.ts";

/** A line of a table, by the names of its columns. */
export interface CsvRow {
  /** FILE:LINE, as errors name it. */
  place: string;
  /** undefined where the table has no such column. */
  text(column: string): string | undefined;
}

/**
 * A table as RFC 4180 has it, with LF or CRLF, and perhaps a mark of UTF-8 before it; empty lines are passed over.
 * @param rename other names of columns, by which their values are found too
 * @throws UserError naming file, line and what is wrong there; when it has no line of values
 */
export function readCsv({ text, name }: SourceFile, rename: Readonly<Record<string, string>> = {}): CsvTable {
  const [first, ...lines] = linesOf(text.replace(/^\uFEFF/, ""), name);
  if (first === undefined) throw new UserError(`${name} is empty`);
  const header = first.cells.map((column) => column.trim()).map((column) => rename[column] ?? column);
  const twice = header.find((column, index) => header.indexOf(column) < index);
  if (twice !== undefined) throw new UserError(`${name}:1: the column ${twice} is there twice`);
  if (lines.length === 0) throw new UserError(`${name} has no line of values`);
  const places = new Map(header.map((column, index) => [column, index]));
  const rows = lines.map(({ number, cells }) => {
    const place = `${name}:${number}`;
    if (cells.length !== header.length) {
      throw new UserError(`${place}: has ${cells.length} values for ${header.length} columns`);
    }
    return { place, text: (column: string) => cells[places.get(column) ?? -1]?.trim() };
  });
  return { header, rows };
}

export interface CsvTable {
  header: readonly string[];
  rows: readonly CsvRow[];
}

interface Line {
  number: number;
  cells: string[];
}

/** A cell, and what ends it; a quote that is doubled stands for itself. */
const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y;

function linesOf(text: string, name: string): Line[] {
  const lines: Line[] = [];
  let line: Line = { number: 1, cells: [] };
  let number = 1;
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length || line.cells.length > 0) {
    const found = CELL.exec(text);
    if (found === null) throw new UserError(`${name}:${number}: a quote is not closed, or stands within a value`);
    const [all, quoted, plain, end] = found;
    line.cells.push(quoted?.replaceAll('""', '"') ?? plain!);
    number += all.split("\n").length - 1;
    if (end === ",") continue;
    if (line.cells.some((cell) => cell !== "")) lines.push(line);
    line = { number, cells: [] };
    if (end === "") break;
  }
  return lines;
}

/** What tools write for a number that they could not have. */
const UNAVAILABLE = new Set(["", "-1", "-1.0", "None", "nan", "NaN"]);

/**
 * A number that is not negative; undefined where the file has none, which many write as −1.
 * @throws UserError for anything else
 */
export function numberIn(row: CsvRow, column: string): number | undefined {
  const text = row.text(column);
  if (text === undefined || UNAVAILABLE.has(text)) return undefined;
  const number = Number(text);
  if (Number.isFinite(number) && number >= 0) return number;
  throw new UserError(
    `${row.place}: ${column} is “${text}”, and must be a number, or −1 or nothing where there is none`,
  );
}

/** @throws UserError when it is no whole number above 0 */
export function countIn(row: CsvRow, column: string): number {
  const number = numberIn(row, column);
  if (number !== undefined && Number.isSafeInteger(number) && number > 0) return number;
  throw new UserError(`${row.place}: ${column} is “${row.text(column) ?? ""}”, and must be a whole number above 0`);
}

/**
 * @param known all columns that may be there; absent: any
 * @throws UserError naming the columns that are missing, or that nobody knows
 */
export function checkColumns(
  { header }: CsvTable,
  name: string,
  required: readonly string[],
  known: readonly string[] = header,
): void {
  const missing = required.filter((column) => !header.includes(column));
  if (missing.length > 0) throw new UserError(`${name}:1: there is no column ${missing.join(", ")}`);
  const strange = header.filter((column) => !known.includes(column));
  if (strange.length > 0) throw new UserError(`${name}:1: nobody knows what the column ${strange.join(", ")} holds`);
}
