import { UserError } from "../errors.ts";

/*
 * What a user types for a workload. Each function throws a UserError whose message is the end of a sentence: the name of
 * the input stands before it.
 */

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const RAMP = new RegExp(`^${NUMBER}:${NUMBER}$`);
const BURSTS = new RegExp(String.raw`^(\d+)@${NUMBER}$`);

/** `1:20`: from 1 to 20 requests a second. */
export function parseRamp(text: string): { fromRate: number; toRate: number } {
  const numbers = numbersIn(RAMP, text);
  if (numbers === undefined)
    throw new UserError("must be FROM:TO in requests a second, for example 1:20 to go from 1 to 20");
  const [fromRate, toRate] = numbers;
  if (toRate > 0) return { fromRate, toRate };
  throw new UserError("must go to a rate above 0; a ramp to nothing never ends");
}

/** `50@10`: 50 requests together every 10 s. */
export function parseBursts(text: string): { size: number; everySeconds: number } {
  const numbers = numbersIn(BURSTS, text);
  if (numbers === undefined)
    throw new UserError("must be SIZE@SECONDS, for example 50@10 for 50 requests every 10 seconds");
  const [size, everySeconds] = numbers;
  if (size > 0 && everySeconds > 0) return { size, everySeconds };
  throw new UserError("must have a size and seconds above 0");
}

/** The two numbers of a form that has two. */
function numbersIn(form: RegExp, text: string): [number, number] | undefined {
  const found = form.exec(text.trim());
  return found === null ? undefined : [Number(found[1]), Number(found[2])];
}

export type Dataset = { kind: "random" } | { kind: "sharegpt" | "jsonl" | "trace"; path: string };

/** `random`, or a kind of file and its path: `sharegpt:FILE`, `jsonl:FILE`, `trace:FILE`. */
export function parseDataset(text: string): Dataset {
  const trimmed = text.trim();
  if (trimmed === "random") return { kind: "random" };
  const [, kind, path] = /^(sharegpt|jsonl|trace):(.*)$/s.exec(trimmed) ?? [];
  if (kind === undefined || path === undefined)
    throw new UserError("must be random, sharegpt:FILE, jsonl:FILE or trace:FILE, for example jsonl:prompts.jsonl");
  if (path === "") throw new UserError(`must name a file after ${kind}:`);
  return { kind: kind as "sharegpt" | "jsonl" | "trace", path };
}
