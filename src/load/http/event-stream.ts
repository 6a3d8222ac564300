const LF = 10;
const CR = 13;
const COLON = 58;
const SPACE = 32;
const DATA = Buffer.from("data");
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const NOTHING = Buffer.alloc(0);

/**
 * Cuts the bytes of a server-sent event stream into the data of its events, wherever the network cut them.
 * Rules: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream, of which only the
 * `data` field matters here. An event without its closing empty line is never handed out.
 * Lines are cut as bytes (no byte of a longer UTF-8 character is a line end), so that only data becomes text.
 */
export class EventStream {
  readonly #onEvent: (data: string) => void;
  #rest = NOTHING;
  #data: string | undefined;
  #endedWithCr = false;
  #atStart = true;

  constructor(onEvent: (data: string) => void) {
    this.#onEvent = onEvent;
  }

  /** The bytes are copied where a part of them must wait for more. */
  push(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (this.#endedWithCr && bytes.length > 0) {
      if (bytes[0] === LF) bytes = bytes.subarray(1);
      this.#endedWithCr = false;
    }
    if (this.#atStart) {
      if (bytes.length < BYTE_ORDER_MARK.length && BYTE_ORDER_MARK.indexOf(bytes) === 0) {
        this.#rest = Buffer.from(bytes);
        return;
      }
      this.#atStart = false;
      if (bytes.indexOf(BYTE_ORDER_MARK) === 0) bytes = bytes.subarray(BYTE_ORDER_MARK.length);
    }
    const from = this.#cut(bytes);
    this.#rest = from === bytes.length ? NOTHING : Buffer.from(bytes.subarray(from));
  }

  /** @returns where the unfinished line begins */
  #cut(bytes: Buffer): number {
    const hasCr = bytes.includes(CR);
    let start = 0;
    for (;;) {
      const end = hasCr ? lineEnd(bytes, start) : bytes.indexOf(LF, start);
      if (end === -1) return start;
      this.#line(bytes, start, end);
      start = end + 1;
      if (bytes[end] !== CR) continue;
      if (start === bytes.length) this.#endedWithCr = true;
      else if (bytes[start] === LF) start += 1;
    }
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (start === end) {
      if (this.#data !== undefined) this.#onEvent(this.#data);
      this.#data = undefined;
      return;
    }
    const at = dataStart(bytes, start, end);
    if (at === -1) return;
    const value = bytes.toString("utf8", at, end);
    this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }
}

function lineEnd(bytes: Buffer, start: number): number {
  const lf = bytes.indexOf(LF, start);
  const cr = bytes.indexOf(CR, start);
  return lf === -1 || cr === -1 ? Math.max(lf, cr) : Math.min(lf, cr);
}

/** Where the value of a `data` line begins, −1 for any other line. */
function dataStart(bytes: Buffer, start: number, end: number): number {
  const colon = start + DATA.length;
  for (let i = 0; i < DATA.length; i++) if (bytes[start + i] !== DATA[i]) return -1;
  if (colon >= end) return end === colon ? end : -1;
  if (bytes[colon] !== COLON) return -1;
  return bytes[colon + 1] === SPACE && colon + 1 < end ? colon + 2 : colon + 1;
}
