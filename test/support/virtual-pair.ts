import type { PairBlock, Timed } from "../../src/arms/statistics/pair-block.ts";
import { normalNumber, type Random } from "../../src/workload/random.ts";

/** What a machine adds to the logarithm of each number, one after the other; made anew for each comparison. */
export type Disturbance = (random: Random, noise: number) => (position: number) => number;

/** Machines of which engineers tell. `noise` is the relative standard deviation of one number. */
export const MACHINES = {
  steady: (random, noise) => () => noise * normalNumber(random),
  /** Up to one noise more or less in each block of four, all the time. */
  drifting: (random, noise) => {
    const slope = (random() - 0.5) * 0.5 * noise;
    return (position) => slope * position + noise * normalNumber(random);
  },
  /** Wanders: each number begins where the last one was. */
  wandering: (random, noise) => {
    let level = 0;
    return () => {
      level += (noise / 2) * normalNumber(random);
      return level + (noise / 2) * normalNumber(random);
    };
  },
  /** Three of ten starts are slower by two noises. */
  bimodal: (random, noise) => () => (random() < 0.3 ? -2 * noise : 0) + (noise / 5) * normalNumber(random),
  /** One of twenty numbers is lost to something else. */
  hiccups: (random, noise) => () => (random() < 0.05 ? -5 * noise : 0) + (noise / 2) * normalNumber(random),
} as const satisfies Record<string, Disturbance>;

/** Endless blocks of a pair whose true ratio is known, measured A B B A and B A A B in turns. */
export function* virtualBlocks(
  ratio: number,
  disturbed: (position: number) => number,
): Generator<PairBlock, never, undefined> {
  let position = 0;
  for (let block = 0; ; block++) {
    const numbers: Record<"base" | "arm", Timed[]> = { base: [], arm: [] };
    for (const who of block % 2 === 0 ? OUTER_BASE : OUTER_ARM) {
      const value = 1000 * (who === "arm" ? ratio : 1) * Math.exp(disturbed(position));
      numbers[who].push({ at: position, value });
      position++;
    }
    yield numbers as unknown as PairBlock;
  }
}

const OUTER_BASE = ["base", "arm", "arm", "base"] as const;
const OUTER_ARM = ["arm", "base", "base", "arm"] as const;
