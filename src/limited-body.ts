const MEBIBYTE = 1024 * 1024;
const SHOWN_CHARACTERS = 200;

/** A server answered with more than anybody reads; the message says how much that is, and how it begins. */
export class BodyTooLarge extends Error {
  override name = "BodyTooLarge";
}

/**
 * The text of a body, which is in memory as a whole. Whoever asks sets the limit of its time.
 * @param mostBytes that are taken; behind them the connection is given up
 * @throws BodyTooLarge
 */
export async function readBody(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part);
    length += part.byteLength;
    if (length > mostBytes) {
      const text = Buffer.concat(parts, SHOWN_CHARACTERS * 4).toString("utf8");
      const begins = JSON.stringify(Array.from(text).slice(0, SHOWN_CHARACTERS).join(""));
      throw new BodyTooLarge(`too_large: more than ${mostBytes / MEBIBYTE} MiB came; it begins: ${begins}`);
    }
  }
  return Buffer.concat(parts, length).toString("utf8");
}
