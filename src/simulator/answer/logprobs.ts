import type { Token } from "../text/tokens.ts";

/** A model that is sure of every token: whoever asked for probabilities finds their shape. */
const SURE = 0;

export function completionLogprobs(tokens: readonly Token[]): string {
  let end = 0;
  const offsets = tokens.map(({ text }) => {
    const start = end;
    end += text.length;
    return start;
  });
  return JSON.stringify({
    text_offset: offsets,
    token_logprobs: tokens.map(() => SURE),
    tokens: tokens.map(({ text }) => text),
    top_logprobs: tokens.map(({ text }) => ({ [text]: SURE })),
  });
}

export function chatLogprobs(tokens: readonly Token[]): string {
  const content = tokens.map(({ text }) => ({
    token: text,
    logprob: SURE,
    bytes: [...Buffer.from(text)],
    top_logprobs: [],
  }));
  return JSON.stringify({ content });
}
