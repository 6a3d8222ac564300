/**
 * Cuts the bytes of a server-sent event stream into the data of its events, wherever the network cut them.
 * Rules: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream, of which only the
 * `data` field matters here. An event without its closing empty line is never handed out.
 */
export class EventStream {
  // Keeps the bytes of a split character, and drops a byte order mark.
  readonly #decoder = new TextDecoder();
  readonly #onEvent: (data: string) => void;
  #rest = "";
  #data: string | undefined;
  #endedWithCr = false;

  constructor(onEvent: (data: string) => void) {
    this.#onEvent = onEvent;
  }

  push(chunk: Uint8Array): void {
    let text = this.#decoder.decode(chunk, { stream: true });
    if (text === "") return;
    if (this.#endedWithCr && text.startsWith("\n")) text = text.slice(1);
    this.#endedWithCr = text.endsWith("\r");
    this.#cut(this.#rest + text);
  }

  #cut(text: string): void {
    const hasCr = text.includes("\r");
    let start = 0;
    for (;;) {
      const end = hasCr ? lineEnd(text, start) : text.indexOf("\n", start);
      if (end === -1) break;
      this.#line(text.slice(start, end));
      start = end + (text.startsWith("\r\n", end) ? 2 : 1);
    }
    this.#rest = text.slice(start);
  }

  #line(line: string): void {
    if (line === "") {
      if (this.#data !== undefined) this.#onEvent(this.#data);
      this.#data = undefined;
      return;
    }
    const value = dataOf(line);
    if (value !== undefined) this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
  }
}

function lineEnd(text: string, start: number): number {
  const lf = text.indexOf("\n", start);
  const cr = text.indexOf("\r", start);
  return lf === -1 || cr === -1 ? Math.max(lf, cr) : Math.min(lf, cr);
}

function dataOf(line: string): string | undefined {
  if (line === "data") return "";
  if (!line.startsWith("data:")) return undefined;
  return line.slice(line.charCodeAt(5) === 0x20 ? 6 : 5);
}
