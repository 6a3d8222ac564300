import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { plainLine } from "./foreign-text/plain.ts";

/*
 * What is wrong with a value that people wrote, in our words. A schema's own message goes before these; whoever shows what a
 * schema says imports this module, so that nobody reads the validator's.
 */
z.config({ localeError: words });

/** One mistake. */
export interface Mistake {
  path: PropertyKey[];
  text: string;
}

type Issue = z.core.$ZodIssue;

/** A file of another kind has as many unknown names as it has names, and nobody reads more of either. */
const MOST_SHOWN = 100;
/** Most characters shown of a name that the file itself made up. */
const LONGEST_NAME = 100;

/** The mistakes of a value, in the order of the schema; an unknown name is one at its own place, the first 100 of a map. */
export function mistakesOf({ issues }: { issues: readonly Issue[] }): Mistake[] {
  return issues.flatMap((issue) => {
    const { path, message, code } = issue;
    if (code === "invalid_union" && message === NO_FORM) return mistakesOfUnion(issue);
    if (code !== "unrecognized_keys") return [{ path, text: message }];
    const texts = message.split("\n");
    if (texts.length !== Math.min(issue.keys.length, MOST_SHOWN)) return [{ path, text: message }];
    const named = texts.map((text, index) => ({ path: [...path, issue.keys[index]!], text }));
    const more = issue.keys.length - named.length;
    return more === 0 ? named : [...named, { path, text: `has ${more} more names that are not known` }];
  });
}

/** The mistakes of a union that does not explain itself: those of the branch that understood most of the value. */
function mistakesOfUnion({ path, message, errors }: Issue & { code: "invalid_union" }): Mistake[] {
  const types = errors.map((branch) => typeWanted(branch));
  if (types.every((type) => type !== null)) return [{ path, text: `must be ${[...new Set(types)].join(" or ")}` }];
  const [best] = errors.toSorted((a, b) => depthOf(b) - depthOf(a) || kindOf(b) - kindOf(a));
  if (best === undefined || best.length === 0) return [{ path, text: message }];
  return mistakesOf({ issues: best }).map((mistake) => ({ ...mistake, path: [...path, ...mistake.path] }));
}

/** The type that a branch wanted, if nothing else was wrong with the value. */
function typeWanted(branch: readonly Issue[]): string | null {
  const [issue] = branch;
  const isPlain = branch.length === 1 && issue?.code === "invalid_type" && issue.path.length === 0;
  return isPlain && issue.message.startsWith("must be ") ? issue.message.slice("must be ".length) : null;
}

const depthOf = (issues: readonly Issue[]) => issues.reduce((deepest, { path }) => Math.max(deepest, path.length), 0);
/** A branch that understood the value's form explains more than one that wanted another type. */
const kindOf = (issues: readonly Issue[]) => (issues.every(({ code }) => code === "invalid_type") ? 0 : 1);

/** The mistakes as lines, 100 of them: `cells[3].status: must be one of ok, failed, skipped`. */
export function mistakeLines(error: { issues: readonly Issue[] }): string {
  const { shown, more } = firstOf(mistakesOf(error));
  return [...shown.map(mistakeText), ...(more > 0 ? [`and ${more} more`] : [])].join("\n");
}

/** As many as anybody reads; a last one takes no more room than the word that there is one more. */
export function firstOf(mistakes: readonly Mistake[]): { shown: Mistake[]; more: number } {
  const shown = mistakes.slice(0, mistakes.length === MOST_SHOWN + 1 ? undefined : MOST_SHOWN);
  return { shown, more: mistakes.length - shown.length };
}

export const mistakeText = ({ path, text }: Mistake): string =>
  path.length === 0 ? text : `${pathText(path)}: ${text}`;

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? nameText(key) : `${text}.${nameText(key)}`;
  }, "");
}

/** In one line, and not longer than names are. */
function nameText(key: PropertyKey): string {
  const name = String(key);
  return plainLine(name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name);
}

const NO_FORM = "has none of the forms that it may have";

function words(issue: z.core.$ZodRawIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is missing" : `must be ${TYPES[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      return choiceWords(issue.values.map(String), issue.input);
    case "too_small":
      return sizeWords(issue, issue.minimum, "more");
    case "too_big":
      return sizeWords(issue, issue.maximum, "less");
    case "not_multiple_of":
      return `must be a multiple of ${issue.divisor}`;
    case "invalid_format":
      return formatWords(issue);
    case "unrecognized_keys":
      return unknownKeys(issue.keys, knownKeys(issue.inst));
    case "invalid_key":
      return "has a name that is not allowed here";
    case "invalid_element":
      return "has an entry that is not allowed here";
    default:
      return unionWords(issue);
  }
}

const TYPES: Record<string, string> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list",
  object: "a map of names and values",
  record: "a map of names and values",
  null: "null",
  never: "left out",
};

/** The choices in words, and the one that is nearest to what was written. */
export function choiceWords(choices: readonly string[], given: unknown): string {
  if (choices.length === 1) return `must be “${choices[0]}”`;
  const list = `must be one of ${choices.join(", ")}`;
  const text = typeof given === "string" ? given.trim() : "";
  return text === "" ? list : `${list}; did you mean “${closest(text.toLowerCase(), choices)}”?`;
}

const UNITS: Record<string, string> = { string: "characters", array: "entries", set: "entries", map: "entries" };

interface Sized {
  origin?: string;
  inclusive?: boolean;
  exact?: boolean;
}

function sizeWords({ origin = "", inclusive, exact }: Sized, limit: number | bigint, side: "more" | "less"): string {
  const unit = UNITS[origin];
  if (unit === undefined) return inclusive === false ? `must be ${side} than ${limit}` : `must be ${limit} or ${side}`;
  if (side === "more" && Number(limit) === 1)
    return origin === "string" ? "must not be empty" : "must name at least one";
  return exact === true ? `must have ${limit} ${unit}` : `must have ${limit} ${unit} or ${side}`;
}

const FORMATS: Record<string, string> = {
  datetime: "must be a moment, as in 2026-11-22T06:45:01Z",
  date: "must be a day, as in 2026-11-22",
  url: "must be a URL, as in https://example.org",
};

function formatWords({ format, pattern, prefix }: { format: string; pattern?: unknown; prefix?: unknown }): string {
  if (prefix !== undefined) return `must begin with “${prefix}”`;
  return FORMATS[format] ?? (pattern === undefined ? `must be a ${format}` : `must have the form ${pattern}`);
}

/** A line for each, in their order. */
function unknownKeys(keys: readonly string[], known: readonly string[]): string {
  const words = (key: string) => `; did you mean “${closest(key.slice(0, LONGEST_NAME), known)}”?`;
  const shown = keys.slice(0, MOST_SHOWN).map((key) => `is no known name${known.length === 0 ? "" : words(key)}`);
  return shown.join("\n");
}

const knownKeys = (schema: unknown) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []);

/** The names of the kinds of a union, where each has one. */
function unionWords(issue: z.core.$ZodRawIssue): string {
  const { options, discriminator, input } = issue as { options?: unknown[]; discriminator?: string; input?: unknown };
  if (options === undefined || options.length === 0 || discriminator === undefined) return NO_FORM;
  const given = (input as Record<string, unknown> | null)?.[discriminator];
  return choiceWords(options.map(String), given);
}
