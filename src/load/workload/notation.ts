/*
 * What a user types for a workload. Each function gives the value, or the end of a sentence that says what is wrong
 * and what to do, for the name of the input to stand before it.
 */

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const RAMP = new RegExp(`^${NUMBER}:${NUMBER}$`);
const BURSTS = new RegExp(String.raw`^(\d+)@${NUMBER}$`);

/** `1:20`: from 1 to 20 requests a second. */
export function parseRamp(text: string): { fromRate: number; toRate: number } | string {
  const [fromRate, toRate] = numbersOf(RAMP, text);
  if (fromRate === undefined || toRate === undefined)
    return "must be FROM:TO in requests a second, for example 1:20 to go from 1 to 20";
  return toRate > 0 ? { fromRate, toRate } : "must go to a rate above 0; a ramp to nothing never ends";
}

/** `50@10`: 50 requests together every 10 s. */
export function parseBursts(text: string): { size: number; everySeconds: number } | string {
  const [size, everySeconds] = numbersOf(BURSTS, text);
  if (size === undefined || everySeconds === undefined)
    return "must be SIZE@SECONDS, for example 50@10 for 50 requests every 10 seconds";
  return size > 0 && everySeconds > 0 ? { size, everySeconds } : "must have a size and seconds above 0";
}

function numbersOf(form: RegExp, text: string): number[] {
  return (form.exec(text.trim())?.slice(1) ?? []).map(Number);
}

export type Dataset = { kind: "random" } | { kind: "sharegpt" | "jsonl" | "trace"; path: string };

/** `random`, or a kind of file and its path: `sharegpt:FILE`, `jsonl:FILE`, `trace:FILE`. */
export function parseDataset(text: string): Dataset | string {
  const trimmed = text.trim();
  if (trimmed === "random") return { kind: "random" };
  const [, kind, path] = /^(sharegpt|jsonl|trace):(.*)$/s.exec(trimmed) ?? [];
  if (kind === undefined || path === undefined)
    return "must be random, sharegpt:FILE, jsonl:FILE or trace:FILE, for example jsonl:prompts.jsonl";
  return path === "" ? `must name a file after ${kind}:` : { kind: kind as "sharegpt" | "jsonl" | "trace", path };
}
