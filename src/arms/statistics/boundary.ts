import { bisect, normalTail } from "./student.ts";

/** Fewer blocks do not tell how much the numbers vary. */
export const FIRST_LOOK = 2;

/** Points that stand for the density of the sum between two looks; more of them change the levels by less than 1 %. */
const GRID = 200;

/** Where the sum of the numbers may be, and how probable that is, if no look so far has ended the test. */
type Masses = readonly { sum: number; mass: number }[];

/**
 * Two-sided levels of the single looks of a test that looks after each block from {@link FIRST_LOOK} on, so that all looks
 * together are wrong with probability `alpha`. The error is spent as `alpha × (block ÷ blocks)^power` (K. Lan and D. DeMets,
 * Discrete sequential boundaries for clinical trials, Biometrika 70, 1983, with the family of K. Kim and D. DeMets, 1987); the
 * levels follow by recursive integration (P. Armitage, C. McPherson, B. Rowe, J. Royal Statistical Society A 132, 1969) for
 * numbers of known spread. Where the spread is estimated the same levels are Student's, which is close enough (C. Jennison,
 * B. Turnbull, Group Sequential Methods, 2000, section 4.4); `npm run bench:arms` measures how close.
 * @param blocks most that will be measured, at least {@link FIRST_LOOK}
 * @returns by number of blocks, from {@link FIRST_LOOK} on
 */
export function nominalLevels(blocks: number, alpha: number, power: number): Map<number, number> {
  const levels = new Map<number, number>();
  let masses: Masses = [{ sum: 0, mass: 1 }];
  let spent = 0;
  for (let block = FIRST_LOOK; block <= blocks; block++) {
    const spread = Math.sqrt(block === FIRST_LOOK ? FIRST_LOOK : 1);
    const share = alpha * (block / blocks) ** power - spent;
    const limit = bisect(0, 12 * Math.sqrt(block), (sum) => beyond(masses, spread, sum) > share);
    levels.set(block, 2 * normalTail(limit / Math.sqrt(block)));
    masses = within(masses, spread, limit);
    spent += share;
  }
  return levels;
}

/** Probability that the next sum lies farther from 0 than the limit. */
function beyond(masses: Masses, spread: number, limit: number): number {
  let total = 0;
  for (const { sum, mass } of masses) {
    total += mass * (normalTail((limit - sum) / spread) + normalTail((limit + sum) / spread));
  }
  return total;
}

/** The next sums that lie nearer, by the trapezoid rule. */
function within(masses: Masses, spread: number, limit: number): Masses {
  const step = (2 * limit) / (GRID - 1);
  return Array.from({ length: GRID }, (_, index) => {
    const sum = -limit + index * step;
    const density = masses.reduce((total, from) => total + from.mass * normalDensity(sum - from.sum, spread), 0);
    return { sum, mass: density * (index === 0 || index === GRID - 1 ? step / 2 : step) };
  });
}

const normalDensity = (x: number, spread: number) =>
  Math.exp(-0.5 * (x / spread) ** 2) / (spread * Math.sqrt(2 * Math.PI));
