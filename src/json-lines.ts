import type { z } from "zod";
import { UserError } from "./errors.ts";
import { parseJson } from "./files.ts";

/** The text of a file. */
export interface DatasetText {
  text: string;
  path: string;
}

/**
 * All lines of a JSONL file, or an error: one bad line is enough. Empty lines are passed over.
 * @throws UserError naming file and line
 */
export function jsonLinesIn<S extends z.ZodType>({ text, path }: DatasetText, schema: S): z.output<S>[] {
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  const values = lines.flatMap((line, i) =>
    line.trim() === "" ? [] : [parseJson(line, schema, `${path}, line ${i + 1},`)],
  );
  if (values.length > 0) return values;
  throw new UserError(`${path} is empty: it must hold one JSON object a line.`);
}
