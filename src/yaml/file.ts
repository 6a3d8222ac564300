import { parse } from "yaml";
import type { z } from "zod";
import { checked } from "../checked.ts";
import { messageOf, UsageError } from "../errors.ts";
import { type Mistake, mistakesOf } from "../mistakes.ts";
import { readPlain } from "../plain-file.ts";
import { type Lines, linesOf } from "./lines.ts";
import { atLines, type Problem, problemText } from "./problem.ts";

/** 20 times the longest that we know; a parser compares each name with each. */
const LONGEST = 131_072;

/** Said of a file that nobody wrote by hand. */
const TOO_LONG = `has more than ${LONGEST / 1024} KiB; give lists in files of their own`;
const CIRCLE = "has an anchor that is used within itself: write it out";

/** A file that people write, as its schema has it. */
export interface YamlFile<T> {
  data: T;
  /** What is wrong beyond its schema, each with the line of its path. */
  mistaken(mistakes: readonly Mistake[]): UsageError;
}

/**
 * Reads a file of YAML or JSON that people write.
 * @param flag shown before what is said of a file that cannot be read
 * @throws UsageError with FILE:LINE of each mistake
 */
export async function readYaml<S extends z.ZodType>(
  path: string,
  schema: S,
  flag?: string,
): Promise<YamlFile<z.output<S>>> {
  const text = await readPlain(path).catch((cause) => {
    throw new UsageError(`${flag === undefined ? "" : `${flag}: `}${messageOf(cause)}`, { cause });
  });
  return parseYaml(text, path, schema);
}

/** The same of a text that was read. @throws UsageError */
export function parseYaml<S extends z.ZodType>(text: string, path: string, schema: S): YamlFile<z.output<S>> {
  const content = contentOf(text);
  if ("problems" in content) throw refused(path, content.problems);
  const result = checked(schema, content.value);
  const mistaken = (mistakes: readonly Mistake[]) => refused(path, atLines(mistakes, content.lines));
  if (!result.success) throw mistaken(mistakesOf(result.error));
  return { data: result.data, mistaken };
}

/** What a text holds, whatever it is, and where; an empty one is an empty map. */
export function contentOf(text: string): { value: unknown; lines: Lines } | { problems: Problem[] } {
  if (text.length > LONGEST) return { problems: [{ text: TOO_LONG }] };
  const lines = linesOf(text);
  if (lines.problems.length > 0) return { problems: lines.problems.map(notYaml) };
  try {
    const value: unknown = parse(text, { uniqueKeys: false }) ?? {};
    // A schema would follow such a value without end.
    return holdsItself(value) ? { problems: [{ text: CIRCLE }] } : { value, lines };
  } catch (error) {
    // Aliases are resolved here and not before.
    return { problems: [notYaml({ text: messageOf(error) })] };
  }
}

const notYaml = ({ text, ...place }: Problem): Problem => ({ ...place, text: `is not valid YAML: ${text}` });

function holdsItself(value: unknown, above: readonly object[] = []): boolean {
  if (typeof value !== "object" || value === null) return false;
  return above.includes(value) || Object.values(value).some((inner) => holdsItself(inner, [...above, value]));
}

const refused = (path: string, problems: readonly Problem[]) =>
  new UsageError(problems.map((problem) => problemText(path, problem)).join("\n"));
