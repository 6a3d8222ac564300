import type { z } from "zod";
import { checked } from "../../checked.ts";
import { messageOf, UserError } from "../../errors.ts";
import { mistakeLines } from "../../mistakes.ts";

/** @throws UserError when the text is not one such object as Python writes it */
export function parseWith<S extends z.ZodType>(schema: S, text: string, name: string, tool: string): z.output<S> {
  const parsed = checked(schema, parsePythonJson(text, name));
  if (parsed.success) return parsed.data;
  throw new UserError(`${name} is not a result of ${tool}:\n${mistakeLines(parsed.error)}`);
}

const STRING_OR_NOT_FINITE = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?$)|-?Infinity|NaN/gs;

/** @param replace a value that is no number, by the last text before it: its key, or that of the list which it is in */
function rewritten(text: string, replace: (key: string, value: string) => string): string {
  let key = "";
  return text.replace(STRING_OR_NOT_FINITE, (token) => {
    if (!token.startsWith('"')) return replace(key, token);
    key = token.slice(1, -1);
    return token;
  });
}

/** @throws UserError naming the first value that is no number where one should be */
export function refuseNotFinite(text: string, name: string): void {
  rewritten(text, (key, value) => {
    if (value === "Infinity" && MAY_BE_INFINITE.has(key)) return value;
    throw new UserError(`${name}: ${key} is ${value}, which is no measurement`);
  });
}

/** Values that may well be without end: all requests at once, or even gaps. */
const MAY_BE_INFINITE = new Set(["request_rate", "burstiness"]);

/**
 * Python's json.dump writes bare NaN and Infinity, which JSON does not know: they become null, and an infinite rate the
 * text that vLLM writes for it.
 */
export function parsePythonJson(text: string, name: string): unknown {
  const standard = rewritten(text, (key, value) =>
    value === "Infinity" && MAY_BE_INFINITE.has(key) ? '"inf"' : "null",
  );
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
