import { BLOCK_TOKENS, type PromptEntry, type Prompts, type TraceRequest } from "./prompts.ts";

/** Tokens of the smallest block that vLLM caches; a shorter beginning is computed anew each time. */
const CACHED_TOKENS = 16;
/** In English text, as a rule of thumb (OpenAI, What are tokens and how to count them). */
const CHARACTERS_A_TOKEN = 4;

/**
 * What a workload means to come from a prefix cache. Random prompts share what they are told to. What a trace shares, and
 * what a list repeats, is part of the workload, so any hit is meant; none has to come where nothing is shared.
 */
export function intendedHits(prompts: Prompts): { least: number; most: number } {
  switch (prompts.kind) {
    case "random": {
      const share = prompts.sharedPrefix / prompts.inputLen;
      return { least: share, most: share };
    }
    case "trace":
      return { least: sharedByTrace(prompts.requests), most: 1 };
    case "listed":
      return { least: sharedByList(prompts.entries), most: 1 };
    default:
      return prompts satisfies never;
  }
}

/** Share of the input tokens that an earlier request had at the same place. */
function sharedByTrace(requests: readonly TraceRequest[]): number {
  const seenBlocks = new Set<number>();
  const longest = new Map<number, number>();
  let [shared, all] = [0, 0];
  for (const { inputTokens, hashIds, sharedPrefix } of requests) {
    all += inputTokens;
    const first = hashIds.findIndex((id) => !seenBlocks.has(id));
    shared += Math.min(inputTokens, BLOCK_TOKENS * (first === -1 ? hashIds.length : first));
    for (const id of hashIds) seenBlocks.add(id);
    if (sharedPrefix === null) continue;
    const { id, tokens } = sharedPrefix;
    shared += cached(Math.min(tokens, longest.get(id) ?? 0), 1);
    longest.set(id, Math.max(tokens, longest.get(id) ?? 0));
  }
  return all === 0 ? 0 : shared / all;
}

/** The same of a list, whose order is drawn: what each has in common with its neighbour in the order of their beginnings. */
function sharedByList(entries: readonly PromptEntry[]): number {
  const texts = entries.map(({ prompt }) => piecesOf(prompt)).toSorted((a, b) => (a.pieces < b.pieces ? -1 : 1));
  let [shared, all] = [0, 0];
  for (const [index, { pieces, aToken }] of texts.entries()) {
    all += pieces.length;
    const before = texts[index - 1]?.pieces ?? "";
    shared += cached(commonLength(before, pieces), aToken);
  }
  return all === 0 ? 0 : shared / all;
}

/** Code points that stand for none by themselves. */
const FIRST_SURROGATE = 0xd800;
const SURROGATES = 0x800;

/** Token ids as a text of one character each. */
function piecesOf(prompt: PromptEntry["prompt"]): { pieces: string; aToken: number } {
  if (typeof prompt === "string") return { pieces: prompt, aToken: CHARACTERS_A_TOKEN };
  if (typeof prompt[0] === "number") {
    return {
      pieces: (prompt as number[])
        .map((id) => String.fromCodePoint(id < FIRST_SURROGATE ? id : id + SURROGATES))
        .join(""),
      aToken: 1,
    };
  }
  const messages = prompt as { role: string; content: string }[];
  return { pieces: messages.map(({ role, content }) => `${role}\n${content}\n`).join(""), aToken: CHARACTERS_A_TOKEN };
}

function commonLength(one: string, other: string): number {
  const most = Math.min(one.length, other.length);
  let length = 0;
  while (length < most && one[length] === other[length]) length += 1;
  return length;
}

/** Whole blocks only. @param aToken pieces that a token has */
function cached(pieces: number, aToken: number): number {
  const block = CACHED_TOKENS * aToken;
  return Math.floor(pieces / block) * block;
}
