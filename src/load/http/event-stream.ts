import { LineEnds } from "./line-ends.ts";

const LF = 10;
const COLON = 58;
const SPACE = 32;
/** First bytes of the fields that matter. */
const D = 100;
const E = 101;
const DATA = Buffer.from("data");
const NOTHING = Buffer.alloc(0);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
/** A name of the standard and a colon, a comment's colon, or the whole name alone. */
const FIELD = /^(?:(?:data|event|id|retry|error)(?::|$)|:)/;
/** Bytes, some thousand times a token's event: memory has an end. */
export const LONGEST_EVENT = 1024 * 1024;

const SHOWN_BYTES = 1024;

export interface EventListener {
  /**
   * Offers bytes that begin an event before any of them becomes text.
   * @returns where the event ends that was known by them; `start` when none was
   */
  takeKnown(bytes: Buffer, start: number, end: number): number;
  /** @param type its `event` field; undefined: it had none */
  onEvent(data: string, type: string | undefined): void;
  /** A line `error: …`, which no standard knows: llama.cpp's server says so what went wrong, with status 200. */
  onErrorLine(text: string): void;
}

/**
 * Cuts the bytes of a server-sent event stream into its events, wherever the network cut them.
 * Rules: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream. Comments, `id` and `retry`
 * lead to nothing, nor does an event without data, as gateways send it to keep a connection open. An event without its
 * closing empty line is never handed out.
 * Lines are cut as bytes (no byte of a longer UTF-8 character is a line end), so that only data becomes text. It never
 * throws, whatever the bytes are.
 */
export class EventStream {
  /** Whether any line was one of an event stream's. */
  hasBegun = false;
  /** An event, or a line, was longer than anybody can mean: nothing behind it is read. */
  isTooLong = false;
  /** How that event or line begins. */
  beginning = "";
  readonly #listener: EventListener;
  /** The unfinished line, in a buffer that grows and is used again. */
  #rest: Buffer = NOTHING;
  #restLength = 0;
  #data: string | undefined;
  #type: string | undefined;
  #endedWithCr = false;
  #isFirstLine = true;

  constructor(listener: EventListener) {
    this.#listener = listener;
  }

  /** What has come of the event that is not closed yet. */
  get unfinished(): string {
    const at = this.#restLength === 0 ? -1 : dataStart(this.#rest, 0, this.#restLength);
    return (this.#data ?? "") + (at === -1 ? "" : this.#rest.toString("utf8", at, this.#restLength));
  }

  /** Bytes that must wait for more are copied. */
  push(bytes: Buffer, from = 0, to = bytes.length): void {
    if (this.isTooLong || from === to) return;
    const start = this.#takeKnown(bytes, from, to);
    if (start < to) this.#pushLines(bytes.subarray(start, to));
  }

  #takeKnown(bytes: Buffer, from: number, to: number): number {
    let start = from;
    if (this.#restLength > 0 || this.#data !== undefined || this.#type !== undefined) return start;
    while (start < to) {
      const end = this.#listener.takeKnown(bytes, start, to);
      if (end === start) break;
      start = end;
    }
    return start;
  }

  #pushLines(bytes: Buffer): void {
    const lines = new LineEnds(bytes);
    let start = this.#endedWithCr && bytes[0] === LF ? 1 : 0;
    this.#endedWithCr = false;
    if (this.#restLength > 0) start = this.#finishLine(bytes, start, lines);
    for (;;) {
      start = this.#takeKnown(bytes, start, bytes.length);
      const end = lines.from(start);
      if (end === -1) break;
      this.#line(bytes, start, end);
      start = this.#behind(bytes, end);
    }
    if (start < bytes.length) this.#append(bytes, start, bytes.length);
  }

  /** @returns where the next line begins */
  #finishLine(bytes: Buffer, start: number, lines: LineEnds): number {
    const end = lines.from(start);
    if (end === -1) return start;
    this.#append(bytes, start, end);
    this.#line(this.#rest, 0, this.#restLength);
    this.#restLength = 0;
    return this.#behind(bytes, end);
  }

  #behind(bytes: Buffer, end: number): number {
    if (bytes[end] === LF) return end + 1;
    this.#endedWithCr = end + 1 === bytes.length;
    return bytes[end + 1] === LF ? end + 2 : end + 1;
  }

  #append(bytes: Buffer, start: number, end: number): void {
    const length = this.#restLength + end - start;
    if (length > LONGEST_EVENT) return void this.#giveUp(bytes.toString("utf8", start, start + SHOWN_BYTES));
    if (length > this.#rest.length) {
      const grown = Buffer.allocUnsafe(2 * length);
      this.#rest.copy(grown, 0, 0, this.#restLength);
      this.#rest = grown;
    }
    bytes.copy(this.#rest, this.#restLength, start, end);
    this.#restLength = length;
  }

  #line(bytes: Buffer, from: number, end: number): void {
    let start = from;
    if (this.#isFirstLine) {
      this.#isFirstLine = false;
      if (bytes.subarray(start, end).indexOf(BYTE_ORDER_MARK) === 0) start += BYTE_ORDER_MARK.length;
    }
    if (start === end) this.#close();
    else {
      const at = dataStart(bytes, start, end);
      if (at === -1) this.#otherLine(bytes, start, end);
      else this.#addData(bytes.toString("utf8", at, end));
    }
  }

  #addData(value: string): void {
    this.hasBegun = true;
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    if (this.#data.length > LONGEST_EVENT) this.#giveUp("");
  }

  /** Keeps what shows the event, and no more. @param more what came of it last */
  #giveUp(more: string): void {
    this.isTooLong = true;
    this.beginning = Buffer.from((this.unfinished + more).slice(0, SHOWN_BYTES)).toString();
    this.#data = undefined;
    this.#rest = NOTHING;
    this.#restLength = 0;
  }

  #close(): void {
    const [data, type] = [this.#data, this.#type];
    this.#data = undefined;
    this.#type = undefined;
    // That a stream broke is said even where nothing is said of it.
    if (data || type === "error") this.#listener.onEvent(data ?? "", type);
  }

  #otherLine(bytes: Buffer, start: number, end: number): void {
    const isEvent = bytes[start] === E;
    if (!isEvent && this.hasBegun) return;
    const line = bytes.toString("utf8", start, isEvent ? end : Math.min(end, start + 6));
    this.hasBegun ||= FIELD.test(line);
    const [, name, value] = /^(event|error)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === "event") this.#type = value;
    else if (name === "error") this.#listener.onErrorLine(value ?? "");
  }
}

/** Where the value of a `data` line begins, −1 for any other line. */
function dataStart(bytes: Buffer, start: number, end: number): number {
  if (bytes[start] !== D) return -1;
  const colon = start + DATA.length;
  for (let i = 1; i < DATA.length; i++) if (bytes[start + i] !== DATA[i]) return -1;
  if (colon >= end) return end === colon ? end : -1;
  if (bytes[colon] !== COLON) return -1;
  return bytes[colon + 1] === SPACE && colon + 1 < end ? colon + 2 : colon + 1;
}
