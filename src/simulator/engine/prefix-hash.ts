/** Tokens of one block of the key-value cache: vLLM's default on a GPU. */
export const BLOCK_TOKENS = 16;

/**
 * One number for each full block, which stands for its tokens and all before it. Two 32-bit hashes make 53 bits, so
 * that two of a million different blocks meet with a probability of about 1 in 20,000.
 */
export function blockHashes(tokens: ArrayLike<number>): number[] {
  const hashes: number[] = [];
  let high = 0x9747b28c;
  let low = 0x5bd1e995;
  const end = tokens.length - (tokens.length % BLOCK_TOKENS);
  for (let i = 0; i < end; i++) {
    const token = tokens[i] as number;
    high = scramble(high ^ token, 0x85ebca6b);
    low = scramble(low ^ token, 0xc2b2ae35);
    if (i % BLOCK_TOKENS === BLOCK_TOKENS - 1) hashes.push((high >>> 0) * 2 ** 21 + (low >>> 11));
  }
  return hashes;
}

function scramble(value: number, factor: number): number {
  const mixed = Math.imul(value ^ (value >>> 15), factor);
  return Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f) + 1;
}
