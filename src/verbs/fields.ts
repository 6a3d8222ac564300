import { z } from "zod";
import { UserError } from "../errors.ts";

/*
 * Field types of verb inputs. Each takes the text of a flag, an action input or an environment variable as well as
 * the typed value of pitwall.yml, and says in `meta` what a generator needs: description, placeholder, secrecy.
 */

interface FieldMeta {
  description: string;
  /** Shown in `--help` and the tables: `SECONDS`, `IN:OUT,…` */
  placeholder: string;
  /** Read from the environment or an action input only; never a flag, always masked. */
  secret?: boolean;
  /** Name of the flag where it is not the key's. */
  flag?: string;
  /** A flag that may be given more than once. */
  repeatable?: boolean;
}

export function fieldMeta(schema: z.ZodType): FieldMeta {
  return unwrap(schema).meta() as unknown as FieldMeta;
}

/** The field's own schema, below `.default()` and `.optional()`. */
function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

export function defaultOf(schema: z.ZodType): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

/** A value as a user would type it. */
export function showValue(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((item) => (typeof item === "object" ? Object.values(item).join(":") : String(item))).join(",");
}

export function text(description: string, placeholder = "TEXT") {
  return z.coerce.string().trim().min(1).meta({ description, placeholder });
}

export function secret(description: string) {
  return z.string().trim().min(1).meta({ description, placeholder: "SECRET", secret: true });
}

export function choice<const C extends readonly [string, ...string[]]>(values: C, description: string) {
  return z.enum(values).meta({ description, placeholder: values.join("|") });
}

/** A boolean: a bare flag on the command line, `true`/`false` elsewhere. */
export function flag(description: string) {
  const fromText = z.stringbool({ truthy: ["true", "1", "yes", "on"], falsy: ["false", "0", "no", "off"] });
  return z.union([z.boolean(), fromText]).meta({ description, placeholder: "" });
}

const numeric = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^[+-]?\d+(\.\d+)?$/, "must be a number")
    .transform(Number),
]);

export function integer(description: string, { min = 1, placeholder = "N" } = {}) {
  return numeric
    .pipe(z.int({ error: "must be a whole number" }).min(min, `must be ${min} or more`))
    .meta({ description, placeholder });
}

export function positiveNumber(description: string, placeholder = "NUMBER") {
  return numeric.pipe(z.number().positive("must be more than 0")).meta({ description, placeholder });
}

function list<S extends z.ZodType>(item: S) {
  const split = z.string().transform((value) =>
    value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
  return z
    .union([z.array(z.unknown()), z.number().transform((value) => [value]), split])
    .pipe(z.array(item).min(1, "must name at least one"));
}

const RANGE = /^(-?\d+)-(-?\d+)(?::(-?\d+))?$/;

/** A longer range is a slip of the finger, and would fill the memory before it is found out. */
const LONGEST_RANGE = 10_000;

/** `4` → 4; `1-8` and `1-8:2` → the numbers of the range; anything else → a sentence that says what is wrong. */
function expandItem(item: unknown): number[] | string {
  const value = String(item).trim();
  if (/^-?\d+(\.\d+)?$/.test(value)) return [Number(value)];
  const range = RANGE.exec(value);
  if (range === null) return `“${value}” is not a number or a range like 1-8 or 1-8:2`;
  const [first, last, step] = range.slice(1).map((part) => Number(part ?? 1)) as [number, number, number];
  if (step <= 0) return `the step of ${value} must be more than 0`;
  if (last < first) return `the range ${value} ends before it starts; write ${last}-${first}`;
  const length = Math.floor((last - first) / step) + 1;
  if (length > LONGEST_RANGE) return `the range ${value} has more than ${LONGEST_RANGE} values; give it a larger step`;
  return Array.from({ length }, (_, i) => first + i * step);
}

const positiveInteger = z.int("must be a whole number").positive("must be 1 or more");

/** Ascending, distinct, positive integers: `1,2,4`, `1-8`, `1-8:2` (first-last:step) or a YAML list. */
export function integerList(description: string) {
  const item = z.unknown().transform((value, context) => {
    const numbers = expandItem(value);
    if (typeof numbers !== "string") return numbers;
    context.addIssue({ code: "custom", message: numbers });
    return z.NEVER;
  });
  return list(item)
    .transform((parts) => [...new Set(parts.flat())].sort((a, b) => a - b))
    .pipe(z.array(positiveInteger).min(1))
    .meta({ description, placeholder: "1,2,4 or 1-8" });
}

/** Input and output lengths in tokens: `300:100,500:200` or a YAML list of such. */
export function pairList(description: string) {
  const pair = z
    .string()
    .regex(/^-?\d+:-?\d+$/, "must be INPUT:OUTPUT, for example 300:100")
    .transform((value) => value.split(":").map(Number) as [number, number])
    .pipe(z.tuple([positiveInteger, positiveInteger]))
    .transform(([inputLen, outputLen]) => ({ inputLen, outputLen }));
  return list(pair).meta({ description, placeholder: "IN:OUT,…" });
}

const WORD_PART = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)|(\s+)|(.)/gs;

/** Splits as a POSIX shell does: quotes and backslashes honoured, nothing expanded. */
function splitWords(line: string, context: z.RefinementCtx): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, double, single, escaped, plain, space, stray] of line.matchAll(WORD_PART)) {
    if (stray !== undefined) {
      context.addIssue({ code: "custom", message: `has a ${stray} without its counterpart` });
      return z.NEVER;
    }
    if (space === undefined)
      word = (word ?? "") + (double?.replaceAll(/\\(["\\])/g, "$1") ?? single ?? escaped ?? plain);
    else if (word !== undefined) words.push(word);
    if (space !== undefined) word = undefined;
  }
  return word === undefined ? words : [...words, word];
}

/** Words as a shell would split them; or a YAML list. */
export function words(description: string) {
  const split = z.string().transform(splitWords);
  return z.union([z.array(z.coerce.string()), split]).meta({ description, placeholder: '"ARGS…"' });
}

/** Several files: a flag given more than once, a comma separated list, or a YAML list. */
export function fileList(description: string) {
  return list(z.string().min(1)).meta({ description, placeholder: "FILE", repeatable: true });
}

/** Makes a field of a parser that says in a UserError what is wrong. */
function through<T>(parse: (value: string) => T) {
  return z.union([z.string(), z.number(), z.boolean()]).transform((value, context): T => {
    try {
      return parse(String(value).trim());
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

/** A value with a notation of its own. */
export function parsed<T>(parse: (value: string) => T, description: string, placeholder: string) {
  return through(parse).meta({ description, placeholder });
}

/** Several such: a flag given more than once, a comma separated list, or a YAML list. */
export function parsedList<T>(parse: (value: string) => T, description: string, placeholder: string) {
  return list(through(parse)).meta({ description, placeholder, repeatable: true });
}

/** A share as people write it: `3%`; a number alone is per cent too. */
export function percent(description: string) {
  return through((value) => {
    const [, number] = /^(\d+(?:\.\d+)?)\s*%?$/.exec(value) ?? [];
    if (number === undefined || Number(number) <= 0) throw new UserError("must be per cent above 0, for example 3%");
    return Number(number) / 100;
  }).meta({ description, placeholder: "PERCENT" });
}

/** A number above 0, or `inf`. */
export function parsePositive(value: string): number {
  if (value === "inf") return Number.POSITIVE_INFINITY;
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (number > 0) return number;
  throw new UserError("must be a number above 0, or inf");
}

/** Distinct numbers above 0, ascending; `inf` is one. */
export function rateList(description: string) {
  return list(through(parsePositive))
    .transform((rates) => [...new Set(rates)].sort((a, b) => a - b))
    .meta({ description, placeholder: "RATE,…|inf" });
}

export const commonInputs = {
  output: text("Working folder: cells, logs, the run document and its summary.", "DIR").default(".pitwall/out"),
};
