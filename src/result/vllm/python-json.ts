import { z } from "zod";
import { messageOf, UserError } from "../../errors.ts";

/** @throws UserError when the text is not one such object as Python writes it */
export function parseWith<S extends z.ZodType>(schema: S, text: string, name: string, tool: string): z.output<S> {
  const parsed = schema.safeParse(parsePythonJson(text, name));
  if (parsed.success) return parsed.data;
  throw new UserError(`${name} is not a result of ${tool}:\n${z.prettifyError(parsed.error)}`);
}

const STRING_OR_NOT_FINITE = /"[^"\\]*(?:\\.[^"\\]*)*"|-?Infinity|NaN/gs;

/** Python's json.dump writes bare NaN and Infinity, which JSON does not know: they become null. */
export function parsePythonJson(text: string, name: string): unknown {
  const standard = text.replace(STRING_OR_NOT_FINITE, (token) => (token.startsWith('"') ? token : "null"));
  try {
    return JSON.parse(standard);
  } catch (cause) {
    const lines = standard.trim().split("\n");
    if (lines.length > 1 && lines.every((line) => line.startsWith("{"))) {
      const hint = "as --append-result writes them; split it into one file a result";
      throw new UserError(`${name} holds ${lines.length} results, one a line, ${hint}`, { cause });
    }
    throw new UserError(`${name} is not valid JSON: ${messageOf(cause)}`, { cause });
  }
}
