/*
 * A tokenizer without a vocabulary: four bytes of UTF-8 are a token, near OpenAI's rule of thumb of four characters.
 * The id is the bytes themselves and, above 32 bits and so above every real vocabulary, how many there are. Words of
 * answers have ids of their own above those.
 */

import { makeToken, type Token } from "./tokens.ts";
import { wordOfId } from "./words.ts";

const BYTES = 4;
const ABOVE_VOCABULARIES = 2 ** 32;
/** Ids below this may come from a real vocabulary; the greatest one known has 262,208. */
export const FOREIGN_IDS = 2 ** 19;

export function encodeText(text: string): number[] {
  const bytes = Buffer.from(text, "utf8");
  const tokens: number[] = [];
  for (let start = 0; start < bytes.length; start += BYTES) {
    tokens.push(idOf(bytes, start, Math.min(BYTES, bytes.length - start)));
  }
  return tokens;
}

const idOf = (bytes: Buffer, start: number, length: number) =>
  length * ABOVE_VOCABULARIES + bytes.readUIntBE(start, length);

/** A text as an answer says it: in pieces of up to four bytes, none cut inside a character. */
export function piecesOfText(text: string): Token[] {
  const pieces: string[] = [];
  let bytes = BYTES;
  for (const character of text) {
    const more = Buffer.byteLength(character);
    if (bytes + more > BYTES) {
      pieces.push(character);
      bytes = more;
    } else {
      pieces.push(pieces.pop() + character);
      bytes += more;
    }
  }
  return pieces.map((piece) => {
    const utf8 = Buffer.from(piece);
    return makeToken(idOf(utf8, 0, utf8.length), piece, { kind: "content", text: piece });
  });
}

/** Ids that are not ours, as from a real vocabulary, become four characters each: the count survives the way back. */
export function decodeTokens(tokens: readonly number[]): string {
  return Buffer.concat(tokens.map(bytesOf)).toString("utf8");
}

/** Whether a token can have this id: ours, or one of a real vocabulary. */
export function isKnownId(id: number): boolean {
  if (!Number.isInteger(id) || id < 0) return false;
  const length = Math.floor(id / ABOVE_VOCABULARIES);
  return id < FOREIGN_IDS || (length >= 1 && length <= BYTES) || wordOfId(id) !== undefined;
}

function bytesOf(token: number): Buffer {
  const word = wordOfId(token);
  if (word !== undefined) return Buffer.from(word);
  const length = Math.floor(token / ABOVE_VOCABULARIES);
  if (length < 1 || length > BYTES) return Buffer.from(foreignText(token));
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(token % 256 ** length, 0, length);
  return bytes;
}

const foreignText = (token: number) => ` ${(token % 36 ** 3).toString(36).padStart(3, "0")}`;
