import { FreeList } from "./free-list.ts";
import { BLOCK_TOKENS } from "./prefix-hash.ts";
import { knownTokens, type Sequence } from "./sequence.ts";

/** What the scheduler asks of the key-value cache. */
export interface KvCache {
  /**
   * Takes a waiting sequence in, with the blocks of its prefix that are still cached.
   * @returns tokens that need not be computed; null when the rest of its known tokens would not fit
   */
  admit(sequence: Sequence): number | null;
  /** Gets room for the sequence's first `tokens` tokens. @returns false when too few blocks are free */
  grow(sequence: Sequence, tokens: number): boolean;
  /** Frees the sequence's blocks; what they hold stays until somebody needs the room. */
  release(sequence: Sequence): void;
}

/** A cache in which everything fits and nothing is found. */
export const UNBOUNDED: KvCache = { admit: () => 0, grow: () => true, release: () => undefined };

interface Holding {
  blocks: number[];
  /** How many of them can be found by their hash. */
  findable: number;
}

const blocksFor = (tokens: number) => Math.ceil(tokens / BLOCK_TOKENS);

/**
 * A pool of blocks as vLLM v1 manages it: a full block of a prompt can be found by its hash as soon as it is allocated;
 * a freed one keeps its content and is reused last in, first out of the sequence, least recently used first of all.
 */
export class KvBlocks implements KvCache {
  readonly #prefixCaching: boolean;
  readonly #total: number;
  readonly #free: FreeList;
  readonly #users: Int32Array;
  readonly #hashOf: (number | undefined)[];
  readonly #byHash = new Map<number, number>();
  readonly #holdings = new Map<Sequence, Holding>();

  /** @param capacityTokens a part of a block at its end is not used */
  constructor(capacityTokens: number, { prefixCaching = true } = {}) {
    this.#prefixCaching = prefixCaching;
    this.#total = Math.floor(capacityTokens / BLOCK_TOKENS);
    this.#free = new FreeList(this.#total);
    this.#users = new Int32Array(this.#total);
    this.#hashOf = Array.from({ length: this.#total });
  }

  /** Share of the blocks that sequences hold, 0 to 1. */
  usage(): number {
    return this.#total === 0 ? 0 : (this.#total - this.#free.size) / this.#total;
  }

  /** Forgets every cached prefix. @returns false, and does nothing, while a sequence holds blocks: as vLLM does */
  resetPrefixCache(): boolean {
    if (this.#free.size < this.#total) return false;
    this.#byHash.clear();
    this.#hashOf.fill(undefined);
    return true;
  }

  admit(sequence: Sequence): number | null {
    const blocks = this.#findPrefix(sequence);
    const unused = blocks.filter((block) => this.#users[block] === 0).length;
    if (blocksFor(knownTokens(sequence)) - blocks.length > this.#free.size - unused) return null;
    for (const block of blocks) {
      if (this.#users[block] === 0) this.#free.remove(block);
      this.#users[block]! += 1;
    }
    this.#holdings.set(sequence, { blocks, findable: blocks.length });
    return blocks.length * BLOCK_TOKENS;
  }

  grow(sequence: Sequence, tokens: number): boolean {
    const holding = this.#holdings.get(sequence) as Holding;
    const missing = blocksFor(tokens) - holding.blocks.length;
    if (missing > this.#free.size) return false;
    for (let i = 0; i < missing; i++) holding.blocks.push(this.#takeBlock());
    if (this.#prefixCaching) this.#publish(holding, sequence.blockHashes, Math.floor(tokens / BLOCK_TOKENS));
    return true;
  }

  release(sequence: Sequence): void {
    const holding = this.#holdings.get(sequence);
    if (holding === undefined) return;
    this.#holdings.delete(sequence);
    // From the last: the front of a prompt is what others share, so it is to be evicted last.
    for (const block of holding.blocks.reverse()) {
      this.#users[block]! -= 1;
      if (this.#users[block] === 0) this.#free.append(block);
    }
  }

  #findPrefix(sequence: Sequence): number[] {
    if (!this.#prefixCaching) return [];
    const blocks: number[] = [];
    // The last known token is always computed: its result is what the next token is drawn from.
    const most = Math.floor((knownTokens(sequence) - 1) / BLOCK_TOKENS);
    for (const hash of sequence.blockHashes.slice(0, most)) {
      const block = this.#byHash.get(hash);
      if (block === undefined) break;
      blocks.push(block);
    }
    return blocks;
  }

  #takeBlock(): number {
    const block = this.#free.takeOldest();
    const hash = this.#hashOf[block];
    if (hash !== undefined) {
      if (this.#byHash.get(hash) === block) this.#byHash.delete(hash);
      this.#hashOf[block] = undefined;
    }
    this.#users[block] = 1;
    return block;
  }

  #publish(holding: Holding, hashes: readonly number[], fullBlocks: number): void {
    const end = Math.min(fullBlocks, hashes.length);
    for (; holding.findable < end; holding.findable++) {
      const hash = hashes[holding.findable] as number;
      if (this.#byHash.has(hash)) continue;
      const block = holding.blocks[holding.findable] as number;
      this.#byHash.set(hash, block);
      this.#hashOf[block] = hash;
    }
  }
}
