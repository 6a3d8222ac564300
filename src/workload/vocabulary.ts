import type { Random } from "./random.ts";

/**
 * Tokens to draw from. All of a vocabulary are written with four bytes, so that a prompt is copied into its request
 * without a string for each token.
 */
export interface Vocabulary {
  size: number;
  /** Four bytes a token. */
  bytes: Uint8Array;
  /** One byte between two tokens. */
  separator: number;
}

/** What a token takes in a request, with its separator. */
export const TOKEN_BYTES = 5;

function vocabulary(tokens: string[], separator: string): Vocabulary {
  return { size: tokens.length, bytes: Buffer.from(tokens.join(""), "latin1"), separator: separator.charCodeAt(0) };
}

/** Token ids to draw from, both ends included. */
export interface Ids {
  lowest: number;
  highest: number;
}

const IDS: Ids = { lowest: 1000, highest: 9999 };

/**
 * Ids that a vocabulary holds. All but toys hold 1000…9999, and none of them is special: `vllm bench latency` draws below
 * 10,000 too. Of a smaller one the first tenth is left out, where the special tokens are.
 * @param size of the vocabulary in tokens; undefined: nobody told
 */
export function idsWithin(size = Number.POSITIVE_INFINITY): Ids {
  const highest = Math.max(1, Math.min(IDS.highest, size - 1));
  return { lowest: Math.min(IDS.lowest, Math.ceil(size / 10), highest), highest };
}

/** JSON takes the spaces that fill shorter ids up to four bytes. */
export function tokenIds({ lowest, highest }: Ids = IDS): Vocabulary {
  const ids = Array.from({ length: highest - lowest + 1 }, (_, i) => String(lowest + i).padStart(4));
  return vocabulary(ids, ",");
}

/** Common words: each is one token, with the space before it, in GPT's p50k, cl100k and o200k vocabularies. */
export const WORDS = vocabulary(
  `
  able also army away back band bank bath beat been bill blue boat bone born both call camp card case cell city coal
  code cold cook cool corn crew dark date deal dear desk door down drop duty each east edge else ever fact fair farm
  fear feed feet file film fine fire fish flat flow foot four free fuel fund gain gate gift girl glad goes gold good
  grew grow half hall hang harm have hear help here high hold hole home host hour hung inch into item jump just kept
  kind king knew know lady lake land last lead left life like line list load loan long lord lose lost luck made main
  male many mass meal meat mile milk mine mode moon most much name neck news next nine nose note once open oral pack
  paid pain palm park pass path peak pink play plot poem pole pool port post pull push rail rain rare read real rely
  rest rice ride ring risk rock role roof root rope rule safe said salt sand save seed seem seen sell sent ship shot
  shut sick sign silk sink size skin slow soft soil sole song soon soul spin spot stay step stop suit swim tail tale
  tall tank task team tell test text that then they this time tiny tone tool tour tree true tube twin unit upon used
  vary vast view vote wait walk wall warm wave weak week went were what whom wide wild wind wine wire wish with word
  yard year zero
  `
    .trim()
    .split(/\s+/),
  " ",
);

/** Tokens that a source of its own draws: two runs with equal sources are equal as far as both go. */
export interface Run {
  random: Random;
  tokens: number;
}

/** Writes runs one after the other, each token with its separator. @returns the offset after the last separator */
export function writeRuns(target: Uint8Array, start: number, runs: Run[], vocabulary: Vocabulary): number {
  const { size, bytes, separator } = vocabulary;
  let at = start;
  for (const { random, tokens } of runs) {
    for (let i = 0; i < tokens; i++) {
      const from = 4 * Math.floor(random() * size);
      target[at] = bytes[from]!;
      target[at + 1] = bytes[from + 1]!;
      target[at + 2] = bytes[from + 2]!;
      target[at + 3] = bytes[from + 3]!;
      target[at + 4] = separator;
      at += TOKEN_BYTES;
    }
  }
  return at;
}
