import { messageOf, UserError } from "../../errors.ts";
import { openPlain } from "../../plain-file.ts";

const BYTE = { newline: 10, space: 32, quote: 34, comma: 44, backslash: 92, open: 91, close: 93, begin: 123, end: 125 };
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** One object of a list, as it stands in the file, and the line that it begins on. */
export interface ArrayElement {
  value: unknown;
  line: number;
}

/**
 * The objects of a JSON file that is one list, one after the other: the ShareGPT file that everyone uses has 670 MB,
 * more than a string can hold.
 * @throws UserError naming file and line, also when the file ends before its list does
 */
export async function* readJsonArray(path: string): AsyncGenerator<ArrayElement> {
  const splitter = new ArraySplitter(path);
  try {
    const file = await openPlain(path);
    for await (const chunk of file.createReadStream({ highWaterMark: 1 << 20 })) yield* splitter.push(chunk);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`${path} could not be read: ${messageOf(cause)}`, { cause });
  }
  splitter.finish();
}

/** Finds where objects begin and end by counting brackets outside of strings; JSON.parse judges what is between. */
export class ArraySplitter {
  readonly #path: string;
  /** 0: outside of the list, 1: between its objects. */
  #depth = 0;
  #state: "before" | "inside" | "after" = "before";
  #inString = false;
  #escaped = false;
  #line = 1;
  #elementLine = 1;
  #parts: Buffer[] = [];

  constructor(path: string) {
    this.#path = path;
  }

  *push(chunk: Buffer): Generator<ArrayElement> {
    let start = this.#depth > 1 ? 0 : -1;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (this.#inString) {
        this.#passInString(byte);
        continue;
      }
      const before = this.#depth;
      this.#pass(byte);
      if (before === 1 && this.#depth === 2) start = at;
      if (before !== 2 || this.#depth !== 1) continue;
      this.#parts.push(chunk.subarray(start, at + 1));
      yield this.#element();
      start = -1;
    }
    // A copy is not needed: a read stream makes each chunk anew.
    if (start >= 0) this.#parts.push(chunk.subarray(start));
  }

  finish(): void {
    if (this.#state === "before") throw this.#error("is empty: it must be a JSON list of conversations");
    if (this.#state === "inside") throw this.#error("ends before its list does: was it copied or downloaded whole?");
  }

  #passInString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BYTE.backslash) this.#escaped = true;
    else if (byte === BYTE.quote) this.#inString = false;
  }

  #pass(byte: number): void {
    if (byte === BYTE.newline) this.#line++;
    if (this.#depth > 1) this.#passInElement(byte);
    else this.#passBetween(byte);
  }

  #passInElement(byte: number): void {
    if (byte === BYTE.quote) this.#inString = true;
    else if (byte === BYTE.begin || byte === BYTE.open) this.#depth++;
    else if (byte === BYTE.end || byte === BYTE.close) this.#depth--;
  }

  #passBetween(byte: number): void {
    if (byte <= BYTE.space) return;
    if (this.#state === "before") {
      if (BYTE_ORDER_MARK.includes(byte)) return;
      if (byte !== BYTE.open) throw this.#error("does not begin with [: it must be a JSON list of conversations");
      this.#state = "inside";
      this.#depth = 1;
    } else if (this.#state === "after") throw this.#error("goes on after the end of its list");
    else if (byte === BYTE.close) {
      this.#state = "after";
      this.#depth = 0;
    } else if (byte === BYTE.begin) {
      this.#elementLine = this.#line;
      this.#depth = 2;
    } else if (byte !== BYTE.comma) throw this.#error("holds something else than objects in its list");
  }

  #element(): ArrayElement {
    const text = Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    try {
      return { value: JSON.parse(text), line: this.#elementLine };
    } catch (cause) {
      throw new UserError(`${this.#path}, line ${this.#elementLine}, is not valid JSON: ${messageOf(cause)}`, {
        cause,
      });
    }
  }

  #error(what: string): UserError {
    return new UserError(`${this.#path}, line ${this.#line}, ${what}.`);
  }
}
