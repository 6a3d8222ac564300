/** One measurement: its number, and when it was taken on any clock that goes on evenly. */
export interface Timed {
  at: number;
  value: number;
}

/**
 * One block of a pair: each of the two was measured twice, in an order that reads the same from both ends (A B B A), so that
 * a steady drift weighs on both alike. Values are above 0.
 */
export interface PairBlock {
  base: readonly [Timed, Timed];
  arm: readonly [Timed, Timed];
}
