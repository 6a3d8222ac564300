import { uniformNumbers } from "../timing/random.ts";
import { decodeTokens } from "./pseudo-tokens.ts";
import { makeToken, type Token } from "./tokens.ts";
import { ALL_WORDS, wordsOf } from "./words.ts";

/** What a request says of the words of an answer. */
export interface Taste {
  multibyte: boolean;
  /** Null at temperature 0 or without a seed: then all answers say the same. */
  seed: number | null;
  /** By token id. */
  bias: ReadonlyMap<number, number>;
  allowedIds: readonly number[] | null;
  badWords: readonly string[];
}

/** A bias from which on, up or down, a token is always or never said: e²⁰ is half a billion. */
const SURE = 20;

/**
 * The words that an answer repeats.
 * @param choice number of the answer to its prompt, from 0
 * @param count how many are wanted
 */
export function chooseWords(taste: Taste, choice: number, count: number): readonly Token[] {
  const { seed } = taste;
  const isFree = taste.bias.size === 0 && taste.allowedIds === null && taste.badWords.length === 0;
  if (isFree && seed === null && choice === 0) return wordsOf(taste.multibyte);
  const words = isFree ? wordsOf(taste.multibyte) : vocabularyOf(taste);
  if (seed === null) return words.map((_, i) => words[(i + choice) % words.length] as Token);
  return drawn(isFree && !taste.multibyte ? ALL_WORDS : words, mixed(seed, choice), count);
}

function vocabularyOf({ multibyte, bias, allowedIds, badWords }: Taste): readonly Token[] {
  const [favourite] = [...bias].toSorted(([, a], [, b]) => b - a);
  if (favourite !== undefined && favourite[1] >= SURE) return [tokenOfId(favourite[0])];
  const isSaid = ({ id, text }: Token) =>
    (bias.get(id) ?? 0) > -SURE && !badWords.some((bad) => text.includes(bad.trimStart()));
  const [first, second] = allowedIds === null ? [wordsOf(multibyte), ALL_WORDS] : [allowedIds.map(tokenOfId), []];
  const words = first.filter(isSaid);
  if (words.length > 0) return words;
  const others = second.filter(isSaid);
  return others.length > 0 ? others : first;
}

function tokenOfId(id: number): Token {
  const text = decodeTokens([id]);
  return makeToken(id, text, { kind: "content", text });
}

function drawn(words: readonly Token[], seed: number, count: number): Token[] {
  const next = uniformNumbers(seed);
  return Array.from({ length: count }, () => words[Math.floor(next() * words.length)] as Token);
}

/** The bits of a seed of up to 64 that a number holds, and the choice's. */
function mixed(seed: number, choice: number): number {
  const high = Math.floor(seed / 2 ** 32);
  return Math.imul((seed ^ Math.imul(high, 0x85ebca6b)) + choice + 1, 0x9e3779b1);
}
