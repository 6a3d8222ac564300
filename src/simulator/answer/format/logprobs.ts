import type { LogprobsWish } from "../../request/generation.ts";
import { decodeTokens } from "../../text/pseudo-tokens.ts";
import type { Token } from "../../text/tokens.ts";
import { ALL_WORDS } from "../../text/words.ts";

/*
 * A model that is sure of every token: whoever asked for probabilities finds their shape, and that all other tokens have
 * none, for which vLLM writes −9999.
 */
const SURE = 0;
const NEVER = -9999;

type Named = Pick<Token, "id" | "text">;

const nameOf = ({ id, text }: Named, { asIds }: LogprobsWish) => (asIds ? `token_id:${id}` : text);

/** Tokens by their probability, the said one first. */
function ranked(token: Named, count: number): [Named, number][] {
  const others = ALL_WORDS.filter(({ text }) => text !== token.text).slice(0, Math.max(0, count - 1));
  return [[token, SURE], ...others.map((other): [Named, number] => [other, NEVER])];
}

/**
 * @param prompt ids that the answer repeats before its tokens; nothing is known of the first
 * @param start characters before them
 */
export function completionLogprobs(
  prompt: readonly number[],
  tokens: readonly Token[],
  start: number,
  wish: LogprobsWish,
): string {
  const all: Named[] = [...prompt.map(tokenOf), ...tokens];
  let end = start;
  const offsets = all.map((token) => {
    const from = end;
    end += nameOf(token, wish).length;
    return from;
  });
  const isFirst = (index: number) => prompt.length > 0 && index === 0;
  const top = (token: Named) => ranked(token, wish.top).map(([other, chance]) => [nameOf(other, wish), chance]);
  return JSON.stringify({
    text_offset: offsets,
    token_logprobs: all.map((_, index) => (isFirst(index) ? null : SURE)),
    tokens: all.map((token) => nameOf(token, wish)),
    top_logprobs: all.map((token, index) => (isFirst(index) ? null : Object.fromEntries(top(token)))),
  });
}

export function chatLogprobs(tokens: readonly Token[], wish: LogprobsWish): string {
  const entry = (token: Named, logprob: number) => {
    const name = nameOf(token, wish);
    return { token: name, logprob, bytes: [...Buffer.from(name)] };
  };
  const content = tokens.map((token) => {
    const top = wish.top === 0 ? [] : ranked(token, wish.top).map(([other, chance]) => entry(other, chance));
    return { ...entry(token, SURE), top_logprobs: top };
  });
  return JSON.stringify({ content });
}

/** By token id, for each token of a prompt but the first. @param top how many are wanted; null when none */
export function promptLogprobs(prompt: readonly number[], top: number | null): string {
  if (top === null) return "null";
  const entries = prompt.map((id, index) => {
    if (index === 0) return null;
    const chances = ranked(tokenOf(id), top).map(([token, logprob], rank) => [
      token.id,
      { logprob, rank: rank + 1, decoded_token: token.text },
    ]);
    return Object.fromEntries(chances);
  });
  return JSON.stringify(entries);
}

const tokenOf = (id: number): Named => ({ id, text: decodeTokens([id]) });
