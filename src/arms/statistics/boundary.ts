import { bisect, normalTail } from "../../statistics/student.ts";

/** Fewer blocks do not tell how much the numbers vary. */
export const FIRST_LOOK = 2;

/** Points that stand for the density of the sum between two looks; more of them change the levels by less than 1 %. */
const GRID = 200;

/** Blocks at most, as one call has them. */
export interface Budget {
  /** Blocks that there were when it began; 0 but for a comparison that went on with another budget. */
  from: number;
  maxBlocks: number;
}

/** Share of the error that a budget leaves, for another one that may come after it. */
const LEFT_OVER = 0.1;

/**
 * The budgets of a comparison that goes on: what its looks so far have spent of the error stays spent, whatever comes after.
 * @param known of earlier calls, none at first @param blocks that there are
 */
export function goingOn(known: readonly Budget[], blocks: number, maxBlocks: number): Budget[] {
  const isSame = known.at(-1)?.maxBlocks === maxBlocks;
  // Fewer than there are already end it: there is nothing to look at any more.
  if (known.length > 0 && (isSame || maxBlocks <= blocks)) return [...known];
  const from = known.length === 0 || blocks < FIRST_LOOK ? 0 : blocks;
  return [...known.filter((budget) => budget.from < from), { from, maxBlocks }];
}

/** Where the sum of the numbers may be, and how probable that is, if no look so far has ended the test. */
type Masses = readonly { sum: number; mass: number }[];

/**
 * Two-sided levels of the single looks of a test that looks after each block from {@link FIRST_LOOK} on, so that all looks
 * together are wrong with probability `alpha` at most. The error is spent as `alpha × (block ÷ blocks)^power` (K. Lan and D. DeMets,
 * Discrete sequential boundaries for clinical trials, Biometrika 70, 1983, with the family of K. Kim and D. DeMets, 1987), but for
 * what is left over for another budget: that spends the same way of what is left. The
 * levels follow by recursive integration (P. Armitage, C. McPherson, B. Rowe, J. Royal Statistical Society A 132, 1969) for
 * numbers of known spread. Where the spread is estimated the same levels are Student's, which is close enough (C. Jennison,
 * B. Turnbull, Group Sequential Methods, 2000, section 4.4); `npm run bench:arms` measures how close.
 * @param budgets as {@link goingOn} gives them
 * @returns by number of blocks, from {@link FIRST_LOOK} on
 */
export function nominalLevels(budgets: readonly Budget[], alpha: number, power: number): Map<number, number> {
  const levels = new Map<number, number>();
  let masses: Masses = [{ sum: 0, mass: 1 }];
  let spent = 0;
  const most = Math.max(FIRST_LOOK, budgets.at(-1)!.maxBlocks);
  for (let block = FIRST_LOOK; block <= most; block++) {
    const spread = Math.sqrt(block === FIRST_LOOK ? FIRST_LOOK : 1);
    const share = alpha * spentBy(block, budgets, power) - spent;
    const limit = bisect(0, 12 * Math.sqrt(block), (sum) => beyond(masses, spread, sum) > share);
    levels.set(block, 2 * normalTail(limit / Math.sqrt(block)));
    masses = within(masses, spread, limit);
    spent += share;
  }
  return levels;
}

/** Share of the error that the looks up to a block may spend. */
function spentBy(block: number, budgets: readonly Budget[], power: number): number {
  const last = budgets.findLastIndex(({ from }) => from < block);
  const { from, maxBlocks } = budgets[last]!;
  const before = from === 0 ? 0 : spentBy(from, budgets.slice(0, last), power);
  const done = Math.min(1, (block - from) / (maxBlocks - from));
  return before + (1 - LEFT_OVER) * (1 - before) * done ** power;
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
