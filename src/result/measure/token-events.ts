import type { RequestSamples } from "../document/cell.ts";

/**
 * Calls back for each token event of an answered request, in order. Where the engine did not say how many tokens an
 * event held, the request's tokens are spread evenly over its events; that is exact when each held one.
 */
export function eachTokenEvent(
  samples: RequestSamples,
  index: number,
  visit: (atMs: number, tokens: number) => void,
): void {
  const gaps = samples.gapsMs[index]!;
  const counted = samples.chunkTokens?.[index];
  const spread = samples.outputTokens[index]! / (gaps.length + 1);
  let at = samples.firstTokenMs[index]!;
  visit(at, counted?.[0] ?? spread);
  // Not by entries(): a cell has up to millions, and an array for each costs three times the rest.
  for (let position = 0; position < gaps.length; position++) {
    at += gaps[position]!;
    visit(at, counted?.[position + 1] ?? spread);
  }
}

/**
 * Gaps for each token instead of each event: an event's gap divided by its tokens, repeated as often. An event without a
 * token lends its gap to the next one; before the first token there is no gap between tokens.
 */
export function tokenGaps(gapsMs: readonly number[], chunkTokens: readonly number[]): number[] {
  const gaps: number[] = [];
  let hasToken = chunkTokens[0]! > 0;
  let waited = 0;
  for (const [position, gap] of gapsMs.entries()) {
    const tokens = chunkTokens[position + 1]!;
    waited += gap;
    if (tokens === 0) continue;
    if (hasToken) for (let k = 0; k < tokens; k++) gaps.push(waited / tokens);
    hasToken = true;
    waited = 0;
  }
  return gaps;
}

/** Output tokens ÷ token events of these requests; above 1 with speculative decoding or a stream interval. */
export function tokensPerEvent({ gapsMs, outputTokens }: RequestSamples, indices: readonly number[]): number {
  let tokens = 0;
  let events = 0;
  for (const index of indices) {
    tokens += outputTokens[index]!;
    events += gapsMs[index]!.length + 1;
  }
  return tokens / events;
}

/**
 * Tokens of the fullest second, seconds counted from the first request's send.
 * @param weigh tokens that an event counts for; `vllm bench serve` counts each event as one
 */
export function fullestSecond(
  samples: RequestSamples,
  indices: readonly number[],
  weigh = (tokens: number) => tokens,
): number {
  const start = indices.reduce((earliest, index) => Math.min(earliest, samples.sentMs[index]!), Infinity);
  const seconds = new Map<number, number>();
  for (const index of indices)
    eachTokenEvent(samples, index, (atMs, tokens) => {
      const second = Math.floor((atMs - start) / 1000);
      seconds.set(second, (seconds.get(second) ?? 0) + weigh(tokens));
    });
  return [...seconds.values()].reduce((most, tokens) => Math.max(most, tokens), 0);
}
