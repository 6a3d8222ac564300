import { median, percentile } from "./distribution.ts";

const RESAMPLES = 2000;
/** Any number will do; that it is always the same makes a document of its samples alone. */
const SEED = 0x5eed;

/**
 * 95 % percentile-bootstrap interval of the median (B. Efron, Bootstrap methods: another look at the jackknife, Annals of
 * Statistics 7, 1979). With a handful of values it comes near their whole range, which is what they are worth.
 */
export function medianInterval(values: readonly number[]): [number, number] {
  const random = seededRandom(SEED);
  const medians = Float64Array.from({ length: RESAMPLES }, () =>
    median(values.map(() => values[Math.floor(random() * values.length)]!)),
  ).sort();
  return [percentile(medians, 2.5), percentile(medians, 97.5)];
}

/** mulberry32 of Tommy Ettinger (public domain): uniform in [0, 1), plenty for resampling. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
