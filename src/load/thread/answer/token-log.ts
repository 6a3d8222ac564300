/** When the token events of one answer came, without an object a token: 8 bytes each, 4 more where counts differ. */
export class TokenLog {
  count = 0;
  #at: Float64Array;
  #tokens: Uint32Array | undefined;

  /** @param expected events, usually the tokens asked for; more are taken as well */
  constructor(expected: number) {
    this.#at = new Float64Array(expected + 1);
  }

  /** @param tokens that the event carried, as far as the engine tells; else 1 */
  add(at: number, tokens: number): void {
    const index = this.count++;
    if (index === this.#at.length) this.#grow();
    this.#at[index] = at;
    if (tokens !== 1) this.#tokens ??= new Uint32Array(this.#at.length).fill(1, 0, index);
    if (this.#tokens !== undefined) this.#tokens[index] = tokens;
  }

  get times(): Float64Array {
    return this.#at.subarray(0, this.count);
  }

  /** Undefined when every event carried one. */
  get tokens(): Uint32Array | undefined {
    return this.#tokens?.subarray(0, this.count);
  }

  /** Reads from the socket that held a token event: events of one read have one time. */
  get reads(): number {
    let reads = 0;
    for (let i = 0; i < this.count; i++) if (i === 0 || this.#at[i] !== this.#at[i - 1]) reads += 1;
    return reads;
  }

  /** What the events were said to hold is not so after all. */
  forgetTokens(): void {
    this.#tokens = undefined;
  }

  #grow(): void {
    const times = new Float64Array(this.#at.length * 2);
    times.set(this.#at);
    this.#at = times;
    if (this.#tokens === undefined) return;
    const tokens = new Uint32Array(times.length);
    tokens.set(this.#tokens);
    this.#tokens = tokens;
  }
}
