import type { Random } from "./random.ts";
import { type Ids, idsWithin, TOKEN_BYTES, WORDS, writeRuns } from "./vocabulary.ts";

/**
 * A prompt as token ids: its length is exact on every engine, and needs no tokenizer here.
 * @param ids to draw from; null: none are taken, so it is words, of about a token each
 */
export function randomPrompt(length: number, random: Random, ids: Ids | null = idsWithin()): number[] | string {
  if (ids === null) return randomWords(length, random);
  return Array.from({ length }, () => ids.lowest + Math.floor(random() * (ids.highest - ids.lowest + 1)));
}

function randomWords(tokens: number, random: Random): string {
  const bytes = Buffer.alloc(tokens * TOKEN_BYTES);
  return bytes.toString("latin1", 0, writeRuns(bytes, 0, [{ random, tokens }], WORDS) - 1);
}
