import { UsageError } from "../errors.ts";
import { badValue, checkWhole } from "./values.ts";

interface ChatMessage {
  role: string;
  content: string;
}

/** A prompt of a list: text, token ids, or the messages of a chat. Lengths in tokens; null where only a tokenizer knows. */
export interface PromptEntry {
  prompt: string | number[] | ChatMessage[];
  inputTokens: number | null;
  outputTokens: number;
}

/** Lengths in tokens. Equal ids share their tokens: a hash id those of a whole block, a prefix id its first ones. */
export interface TraceRequest {
  inputTokens: number;
  outputTokens: number;
  hashIds: number[];
  sharedPrefix: { id: number; tokens: number } | null;
}

/**
 * What is asked. Plain data, so that it can be handed to a worker thread.
 * - `random`: lengths uniform among the whole numbers within `rangeRatio` (0…1) of `inputLen` and `outputLen`; the
 *   first `sharedPrefix` tokens of the input are the same in all prompts of a seed.
 * - `listed`: the entries, in a seeded order, over and over.
 * - `trace`: request i has the lengths of line i, and shares tokens with the others as the trace says.
 */
export type Prompts =
  | { kind: "random"; inputLen: number; outputLen: number; rangeRatio: number; sharedPrefix: number }
  | { kind: "listed"; entries: PromptEntry[] }
  | { kind: "trace"; requests: TraceRequest[] };

export type Endpoint = "completions" | "chat";

/** Mooncake's: tokens that one hash id stands for. */
export const BLOCK_TOKENS = 512;
export const TOKENS = { min: 1, max: 10_000_000 };

export interface Range {
  low: number;
  high: number;
}

/** Whole lengths in [⌊L(1 − r)⌋, ⌈L(1 + r)⌉], at least 1; `vllm bench serve` has the same rule. */
export function lengthRange(length: number, ratio: number): Range {
  // The bounds are meant exactly: 100 × 1.1 is 110 and not, as binary fractions have it, a little more.
  const slack = 1e-6;
  return {
    low: Math.max(1, Math.floor(length - length * ratio + slack)),
    high: Math.ceil(length + length * ratio - slack),
  };
}

/**
 * Requests after which prompts come again, and a prefix cache would serve what is meant to be computed. Infinity for
 * random prompts.
 */
export function distinctPrompts(prompts: Prompts): number {
  if (prompts.kind === "random") return Number.POSITIVE_INFINITY;
  if (prompts.kind === "trace") return prompts.requests.length;
  return new Set(prompts.entries.map(({ prompt }) => JSON.stringify(prompt))).size;
}

/** Whether what is asked are token ids that are drawn, the user's own ids, or text. */
export function promptKind(prompts: Prompts): "drawn" | "given" | "text" {
  if (prompts.kind !== "listed") return "drawn";
  return prompts.entries.some(({ prompt }) => typeof prompt[0] === "number") ? "given" : "text";
}

/** @throws UsageError which says what is wrong and what to do */
export function checkPrompts(prompts: Prompts, endpoint: Endpoint): void {
  if (prompts.kind === "random") checkRandom(prompts);
  else if (prompts.kind === "listed") checkEntries(prompts.entries, endpoint);
  else if (prompts.requests.length === 0) throw new UsageError("The trace holds no requests: give one with some.");
}

function checkRandom({ inputLen, outputLen, rangeRatio, sharedPrefix }: Extract<Prompts, { kind: "random" }>): void {
  checkWhole("the input length", inputLen, TOKENS);
  checkWhole("the output length", outputLen, TOKENS);
  if (!(rangeRatio >= 0 && rangeRatio <= 1)) throw badValue("the range of lengths", rangeRatio, "a number from 0 to 1");
  const { low } = lengthRange(inputLen, rangeRatio);
  if (Number.isInteger(sharedPrefix) && sharedPrefix >= 0 && sharedPrefix < low) return;
  throw new UsageError(
    `The shared prefix is ${sharedPrefix} tokens and the shortest prompt ${low}: it must be a whole number from 0 to ` +
      `${low - 1}, so that each prompt keeps a token of its own. Shorten it, lengthen the input or narrow the range.`,
  );
}

function checkEntries(entries: PromptEntry[], endpoint: Endpoint): void {
  if (entries.length === 0) throw new UsageError("The list of prompts is empty: give at least one.");
  for (const [index, { prompt, outputTokens }] of entries.entries()) {
    const name = `prompt ${index + 1} of the list`;
    checkWhole(`the output length of ${name}`, outputTokens, TOKENS);
    if (prompt.length === 0) throw new UsageError(`P${name.slice(1)} is empty: leave it out.`);
    if (typeof prompt === "string") continue;
    if (endpoint === "chat" && typeof prompt[0] === "number")
      throw new UsageError(`P${name.slice(1)} is token ids, which the chat endpoint does not take: use completions.`);
    if (endpoint === "completions" && typeof prompt[0] !== "number")
      throw new UsageError(
        `P${name.slice(1)} is chat messages, which the completions endpoint does not take: use chat.`,
      );
  }
}
