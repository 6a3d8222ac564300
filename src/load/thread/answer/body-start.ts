import { beginning, errorIn, errorOfText, parsed } from "./server-error.ts";

const KEPT_BYTES = 4096;
const SHOWN_CHARACTERS = 200;
const SHOWN_BYTES = 16;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** What the head of an answer says of its body. */
export interface BodyKind {
  contentType: string | undefined;
  contentEncoding: string | undefined;
}

/** The beginning of a body that is no event stream, as far as it is known: to say what it was. */
export class BodyStart {
  #bytes: Buffer = Buffer.alloc(0);

  /** The bytes are copied. */
  add(bytes: Buffer): void {
    if (this.#bytes.length >= KEPT_BYTES) return;
    this.#bytes = Buffer.concat([this.#bytes, bytes.subarray(0, KEPT_BYTES - this.#bytes.length)]);
  }

  /** What the body of an answer with an error status says went wrong. */
  message(kind: BodyKind): string {
    return this.#encoding(kind) === undefined ? errorOfText(this.#bytes.toString("utf8")) : this.#described(kind);
  }

  /**
   * Why a body with status 200 is no answer, as `class: message`: an error in JSON, or something else altogether.
   * Undefined for an empty one.
   */
  problem(kind: BodyKind): string | undefined {
    if (this.#bytes.length === 0) return undefined;
    const object = this.#encoding(kind) === undefined ? parsed(this.#bytes.toString("utf8")) : undefined;
    const error = object && errorIn(object);
    return error === undefined
      ? `no_event_stream: the answer is ${this.#described(kind)}`
      : `in_stream_error: ${error}`;
  }

  /** Its first 200 characters, for an answer that is too large to be read. */
  get shown(): string {
    return shown(this.#bytes.toString("utf8"));
  }

  /** Whether the body's bytes are compressed, though nothing of the kind was asked for. */
  isEncoded(kind: BodyKind): boolean {
    return this.#encoding(kind) !== undefined;
  }

  #encoding({ contentEncoding }: BodyKind): string | undefined {
    if (this.#bytes.indexOf(GZIP) === 0) return "gzip";
    const encoding = contentEncoding?.trim().toLowerCase();
    return encoding === undefined || encoding === "" || encoding === "identity" ? undefined : encoding;
  }

  #described(kind: BodyKind): string {
    const type = `content type ${kind.contentType ?? "not said"}`;
    const encoding = this.#encoding(kind);
    if (encoding !== undefined) return `${encoding} (${type}), first bytes ${this.#hex()}`;
    const text = this.#bytes.toString("utf8");
    if (text.includes("\u0000")) return `binary (${type}), first bytes ${this.#hex()}`;
    return `${formOf(text)} (${type}): ${shown(text)}`;
  }

  #hex(): string {
    return [...this.#bytes.subarray(0, SHOWN_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  }
}

function formOf(text: string): string {
  const start = text.trimStart();
  if (/^<(!doctype|html|head|body)\b/i.test(start)) return "HTML and no event stream";
  return /^[{[]/.test(start) ? "JSON and no event stream" : "no event stream";
}

/** The first 200 characters. */
export const shown = (text: string) => visible(beginning(text, SHOWN_CHARACTERS));

/** Control characters as they are written in source code, so that no terminal obeys them. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, (character) => {
    const known = JSON.stringify(character).slice(1, -1);
    return known === character ? `\\u{${character.codePointAt(0)!.toString(16)}}` : known;
  });
}
