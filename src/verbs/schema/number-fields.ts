import { z } from "zod";
import { UserError } from "../../errors.ts";
import { list, through } from "./fields.ts";

const numeric = z.union([
  z.number(),
  z
    .string()
    .trim()
    .regex(/^[+-]?\d+(\.\d+)?$/, "must be a number")
    .transform(Number),
]);

/** No length, number or repetition is meant to be larger: it would fill the memory, or go on for years without a word. */
const LARGEST = 1_000_000;
/** Seven days. No job of GitHub lasts longer than five, and a timer of JavaScript ends at once from 25 on. */
const LONGEST_SECONDS = 604_800;

const atMost = (largest: number) => `must be ${largest} or less`;

export function integer(description: string, { min = 1, max = LARGEST, placeholder = "N" } = {}) {
  return numeric
    .pipe(z.int({ error: "must be a whole number" }).min(min, `must be ${min} or more`).max(max, atMost(max)))
    .meta({ description, placeholder });
}

/** Things that take seconds or minutes each: as many go on for a week. */
export function repetitions(description: string, { min = 1 } = {}) {
  return integer(description, { min, max: 10_000 });
}

/** Seed of a random generator: any whole number will do. */
export function seed(description: string) {
  return integer(description, { min: 0, max: Number.MAX_SAFE_INTEGER });
}

export function portNumber(description: string, min: 0 | 1) {
  return integer(description, { min, max: 65_535, placeholder: "PORT" });
}

export function positiveNumber(description: string, placeholder = "NUMBER") {
  return numeric.pipe(z.number().positive("must be more than 0")).meta({ description, placeholder });
}

export function numberBetween(min: number, max: number, description: string) {
  return numeric
    .pipe(z.number().min(min, `must be ${min} or more`).max(max, atMost(max)))
    .meta({ description, placeholder: "NUMBER" });
}

function duration(description: string, placeholder: string, longest: number) {
  return numeric
    .pipe(
      z
        .number()
        .positive("must be more than 0")
        .max(longest, `${atMost(longest)}, which is seven days`),
    )
    .meta({ description, placeholder });
}

export const seconds = (description: string) => duration(description, "SECONDS", LONGEST_SECONDS);
/** Limit of a cell as a whole; absent: the default, or longer where its own plan lasts longer. */
export const benchmarkTimeout = seconds(
  "Seconds until a cell as a whole, with warm-up and repeats, ends as client_timeout (default: 1800, or longer where its own plan is).",
).optional();

export const minutes = (description: string) => duration(description, "MINUTES", LONGEST_SECONDS / 60);

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

const positiveInteger = z.int("must be a whole number").positive("must be 1 or more").max(LARGEST, atMost(LARGEST));

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

/** A share of 1, as a fraction or in per cent: `0.02` or `2%`. */
export function share(description: string) {
  return through((value) => {
    const [, number, sign] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(value) ?? [];
    const given = Number(number) / (sign === "%" ? 100 : 1);
    if (given > 0 && given < 1) return given;
    throw new UserError("must be a share above 0 and below 1, for example 0.02 or 2%");
  }).meta({ description, placeholder: "SHARE" });
}

/** Seconds, or 0 for not at all. */
export function secondsOrNone(description: string) {
  return numeric
    .pipe(
      z
        .number()
        .min(0, "must be 0 or more")
        .max(LONGEST_SECONDS, `${atMost(LONGEST_SECONDS)}, which is seven days`),
    )
    .meta({ description, placeholder: "SECONDS" });
}
