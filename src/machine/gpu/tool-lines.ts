import { StringDecoder } from "node:string_decoder";

/** Characters of a line; a tool's longest, an object a GPU in one line, has some hundred. */
const LONGEST_LINE = 64 * 1024;

/** Cuts what a tool prints, or a page of metrics, into lines. Of a longer one the beginning is handed over, and the rest is dropped. */
export class ToolLines {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder("utf8");
  /** What came so far of the line that has not ended. */
  #parts: string[] = [];
  #length = 0;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(bytes: Uint8Array): void {
    const text = this.#decoder.write(bytes);
    let start = 0;
    for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
      if (this.#length === 0) this.#handOver(text.slice(start, Math.min(end, start + LONGEST_LINE)));
      else this.#endWith(text.slice(start, end));
      start = end + 1;
    }
    this.#keep(text.slice(start));
  }

  /** What stands there without a line end is a line. */
  end(): void {
    if (this.#length > 0) this.#endWith("");
  }

  #keep(part: string): void {
    const kept = part.slice(0, LONGEST_LINE - this.#length);
    if (kept === "") return;
    this.#parts.push(kept);
    this.#length += kept.length;
  }

  #endWith(part: string): void {
    this.#keep(part);
    const line = this.#parts.join("");
    this.#parts = [];
    this.#length = 0;
    this.#handOver(line);
  }

  #handOver(line: string): void {
    this.#onLine(line.endsWith("\r") ? line.slice(0, -1) : line);
  }
}
