/** Uniform numbers in [0, 1). */
export type Random = () => number;

/**
 * sfc32 of Chris Doty-Humphrey's PractRand (public domain): 128 bits of state, so that no two streams of a benchmark
 * meet. The same seed, stream and part of it give the same numbers on every machine.
 */
export function seededRandom(seed: number, stream: number, part = 0x9e3779b9): Random {
  let a = seed | 0;
  let b = stream | 0;
  let c = part | 0;
  let counter = 1;
  const next = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  // The author's advice: the first numbers still show the seed.
  for (let i = 0; i < 15; i++) next();
  return next;
}

/** A number of the standard normal distribution, by G. Box and M. Muller. */
export function normalNumber(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** FNV-1a with 31 bits: a seed for each name, which also fits numpy's. */
export function seedFor(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 1;
}
