import type { Choice } from "./piece.ts";

const QUOTE = 34;
const BACKSLASH = 92;
const SPACE = 32;
/** A server whose events differ in more than their text is not learnt from for ever. */
const MOST_LESSONS = 4;
/** Where the text of each field begins. A quote before the key would be the end of a longer one. */
const OPENINGS = ["text", "content", "reasoning", "reasoning_content"].map(
  (key) => [key, new RegExp(`[{,\\s]"${key}":\\s*"`)] as const,
);

/**
 * Events of one answer are alike but for their text, and a token costs mostly the parsing of its JSON: what stands before
 * and behind the text is kept from one that was parsed, with the `data: ` and the empty line of nearly all servers. Bytes
 * that are the same before and behind, with any text between them that is not empty and needs no escape, are JSON of the
 * same form, by JSON's grammar, and again an event with content and nothing else.
 */
export class EventTemplate {
  #before: Buffer | undefined;
  #behind: Buffer = Buffer.alloc(0);
  #lessons = 0;

  /** @param data of an event with content and without finish reason, usage and error; its choice */
  learn(data: string, { text, delta }: Choice): void {
    if (this.#lessons === MOST_LESSONS) return;
    this.#lessons += 1;
    const fields: Record<string, unknown> = { ...delta, text };
    const [, pattern] = OPENINGS.find(([name]) => typeof fields[name] === "string" && fields[name] !== "") ?? [];
    const opening = pattern?.exec(data);
    if (!opening) return;
    const from = opening.index + opening[0].length;
    const to = data.indexOf('"', from);
    if (to === from || data.slice(from, to).includes("\\")) return;
    this.#before = Buffer.from(`data: ${data.slice(0, from)}`);
    this.#behind = Buffer.from(`${data.slice(to)}\n\n`);
  }

  /** @returns where an event of this form that begins at `start` ends; `start` itself for any other, or a part of one */
  endOf(bytes: Buffer, start: number, end: number): number {
    const before = this.#before;
    if (before === undefined) return start;
    const from = start + before.length;
    const behind = this.#behind;
    if (end - from <= behind.length) return start;
    for (let i = 0; i < before.length; i++) if (bytes[start + i] !== before[i]) return start;
    const to = textEnd(bytes, from, end - behind.length);
    if (to === from) return start;
    for (let i = 0; i < behind.length; i++) if (bytes[to + i] !== behind[i]) return start;
    return to + behind.length;
  }
}

/** Where the quote stands that closes a text; `from` where it is empty, or needs an escape. */
function textEnd(bytes: Buffer, from: number, last: number): number {
  for (let at = from; at <= last; at++) {
    const byte = bytes[at]!;
    if (byte === QUOTE) return at;
    if (byte === BACKSLASH || byte < SPACE) return from;
  }
  return from;
}
