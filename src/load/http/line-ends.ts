const LF = 10;
const CR = 13;

/** Finds LF, CR and CRLF; each of the two is looked for once a byte, wherever the other stands. */
export class LineEnds {
  readonly #bytes: Buffer;
  #cr: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#cr = bytes.indexOf(CR);
  }

  /** The first one from here on; −1: none. To be asked in rising order. */
  from(start: number): number {
    if (this.#cr !== -1 && this.#cr < start) this.#cr = this.#bytes.indexOf(CR, start);
    if (this.#cr === -1) return this.#bytes.indexOf(LF, start);
    if (this.#cr === start) return start;
    const lf = this.#bytes.subarray(start, this.#cr).indexOf(LF);
    return lf === -1 ? this.#cr : start + lf;
  }
}
