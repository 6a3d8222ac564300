import { closest } from "fastest-levenshtein";
import type { z } from "zod";
import { type Mistake, mistakesOf } from "../../mistakes.ts";
import { counted } from "../../result/counted.ts";
import { contentOf } from "../../yaml/file.ts";
import { atLines, type Problem } from "../../yaml/problem.ts";
import { fieldMeta } from "../schema/field-meta.ts";
import { kebabCase } from "../schema/resolve-inputs.ts";
import type { Verb } from "../verb.ts";

/**
 * A pitwall.yml: keys and values. A value must be good for a verb that takes it: `format` is not the same for all.
 * @returns what it holds, in a few words, or every mistake of it
 */
export function checkConfig(text: string, verbs: readonly Verb[], keys: readonly string[]): string | Problem[] {
  const content = contentOf(text);
  if ("problems" in content) return content.problems;
  const { value: values, lines } = content;
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    return [{ line: 1, text: "must be a map of inputs, for example “engine: simulated”" }];
  }
  const mistakes = Object.entries(values).flatMap(([key, value]) =>
    keys.includes(key) ? mistakesOfValue(verbs, key, value) : [unknownKey(key, keys)],
  );
  return mistakes.length === 0 ? `${counted(Object.keys(values).length, "input")}, all good` : atLines(mistakes, lines);
}

const unknownKey = (key: string, keys: readonly string[]): Mistake => ({
  path: [key],
  text: `is no input; did you mean “${closest(key, [...keys])}”?`,
});

function mistakesOfValue(verbs: readonly Verb[], key: string, value: unknown): Mistake[] {
  const results = verbs.flatMap(({ inputs }) => schemasOf(inputs, key)).map((schema) => schema.safeParse(value));
  const [first] = results;
  if (first?.error === undefined || results.some(({ success }) => success)) return [];
  return mistakesOf(first.error).map((mistake) => placed(mistake, key, value));
}

const schemasOf = (inputs: z.ZodObject, key: string) =>
  Object.entries(inputs.shape)
    .filter(([name, schema]) => [name, fieldMeta(schema).alias ?? name].map(kebabCase).includes(key))
    .map(([, schema]) => schema);

/** What stands in a text that is a list to us, like 1,2,x, has no place of its own in the file. */
function placed({ path, text }: Mistake, key: string, value: unknown): Mistake {
  const isStructure = typeof value === "object" && value !== null;
  return {
    path: [key, ...(isStructure ? path : [])],
    text: isStructure ? text : `${text} (got ${JSON.stringify(value)})`,
  };
}
