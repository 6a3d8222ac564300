import type { z } from "zod";
import { UserError } from "../../../errors.ts";
import { parseJson } from "../../../files.ts";
import { readPlain } from "../../../plain-file.ts";

/**
 * All lines of a JSONL file, or an error: one bad line is enough. Empty lines are passed over.
 * @throws UserError naming file and line
 */
export async function readJsonLines<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>[]> {
  const text = await readPlain(path);
  const lines = text.replace(/^\uFEFF/, "").split("\n");
  const values = lines.flatMap((line, i) =>
    line.trim() === "" ? [] : [parseJson(line, schema, `${path}, line ${i + 1},`)],
  );
  if (values.length > 0) return values;
  throw new UserError(`${path} is empty: it must hold one JSON object a line.`);
}
