import { z } from "zod";
import { UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { type DatasetText, jsonLinesIn } from "../../json-lines.ts";

/** One object of a file, and where it stands there. */
export interface Entry {
  value: object;
  /** As in “entry 3”. */
  number: number;
}

const Anything = z.unknown();

/**
 * The objects of a JSON array or, where the first line is a whole one, of JSON lines; empty lines are passed over.
 * @throws UserError naming the file, for other JSON and for what is empty
 */
export function entriesIn(file: DatasetText): Entry[] {
  const values = valuesIn(file);
  if (values.length === 0) throw new UserError(`${file.path} has no entries`);
  return values.map((value, index) => {
    if (isObject(value)) return { value, number: index + 1 };
    throw new UserError(`${file.path}, entry ${index + 1}: must be a map of names and values`);
  });
}

function valuesIn(file: DatasetText): unknown[] {
  const start = file.text.trimStart()[0];
  if (start !== "[") return jsonLinesIn(file, Anything);
  return parseJson(file.text, z.array(Anything), file.path);
}

export const isObject = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value);
