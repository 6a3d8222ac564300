/** Free blocks in order of their release: a doubly linked list over their numbers, every operation O(1). */
export class FreeList {
  /** Neighbours of each block; the entry after the last is the list's head and end. */
  readonly #next: Int32Array;
  readonly #previous: Int32Array;
  readonly #head: number;
  size = 0;

  /** All blocks 0 to `count` - 1 are free at first. */
  constructor(count: number) {
    this.#head = count;
    this.#next = new Int32Array(count + 1).fill(count);
    this.#previous = new Int32Array(count + 1).fill(count);
    for (let block = 0; block < count; block++) this.append(block);
  }

  append(block: number): void {
    const last = this.#previous[this.#head] as number;
    this.#next[last] = block;
    this.#previous[block] = last;
    this.#next[block] = this.#head;
    this.#previous[this.#head] = block;
    this.size += 1;
  }

  remove(block: number): void {
    const [before, after] = [this.#previous[block] as number, this.#next[block] as number];
    this.#next[before] = after;
    this.#previous[after] = before;
    this.size -= 1;
  }

  /** @throws RangeError when none is free */
  takeOldest(): number {
    if (this.size === 0) throw new RangeError("no block is free");
    const oldest = this.#next[this.#head] as number;
    this.remove(oldest);
    return oldest;
  }
}
