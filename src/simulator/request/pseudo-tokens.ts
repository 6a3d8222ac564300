/*
 * A tokenizer without a vocabulary: four bytes of UTF-8 are a token, near OpenAI's rule of thumb of four characters.
 * The id is the bytes themselves and, above 32 bits and so above every real vocabulary, how many there are.
 */

const BYTES = 4;
const ABOVE_VOCABULARIES = 2 ** 32;

export function encodeText(text: string): number[] {
  const bytes = Buffer.from(text, "utf8");
  const tokens: number[] = [];
  for (let start = 0; start < bytes.length; start += BYTES) {
    const length = Math.min(BYTES, bytes.length - start);
    tokens.push(length * ABOVE_VOCABULARIES + bytes.readUIntBE(start, length));
  }
  return tokens;
}

/** Ids that are not ours, as from a real vocabulary, become four characters each: the count survives the way back. */
export function decodeTokens(tokens: readonly number[]): string {
  return Buffer.concat(tokens.map(bytesOf)).toString("utf8");
}

function bytesOf(token: number): Buffer {
  const length = Math.floor(token / ABOVE_VOCABULARIES);
  if (length < 1 || length > BYTES) return Buffer.from(foreignText(token));
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(token % 256 ** length, 0, length);
  return bytes;
}

const foreignText = (token: number) => ` ${(token % 36 ** 3).toString(36).padStart(3, "0")}`;
