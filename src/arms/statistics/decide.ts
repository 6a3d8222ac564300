import { mean, sum } from "../../result/metrics/distribution.ts";
import { fisherTail, studentQuantile } from "../../statistics/student.ts";
import { type BlockRatio, blockRatio } from "./block-ratio.ts";
import { type Budget, FIRST_LOOK, nominalLevels } from "./boundary.ts";
import type { PairBlock } from "./pair-block.ts";

/**
 * Probability that two equal builds are told apart at any of the looks, for normal noise, however often a comparison goes on;
 * nine tenths of it are for its first budget. Machines of two moods take up to twice of it, so that about 1 % is kept there
 * too: `npm run bench:arms` measures 0.6 % and 1.1 %.
 */
const FALSE_DIFFERENCE = 0.0078;
/** 5 % together with the one above: that of an interval which misses the true ratio at any of the looks. */
const FALSE_TIE = 0.0422;
/** How the errors are spread over the looks: evenly, and, as nothing can be called equal after few blocks, rather late. */
const POWER = { difference: 1, tie: 2 };
/** Blocks that differ more from each other than numbers within them do, by so improbable a ratio, stand for themselves alone. */
const IMPROBABLE = 0.02;

export interface Design {
  /** By which the looks share the errors, so those that were must stay: see {@link goingOn}. */
  budgets: readonly Budget[];
  /** Relative difference below which two builds are equal: 0.02 is from 1 ÷ 1.02 to 1.02. */
  margin: number;
}

export interface Decision {
  /** What the arm's numbers are beside those of its base. */
  verdict: "higher" | "lower" | "same" | "undecided";
  /** Arm ÷ base. */
  ratio: number;
  /** Ends of an interval that holds the true ratio at all looks with 95 %; 0 and Infinity where nothing is known yet. */
  low: number;
  high: number;
  blocks: number;
}

/**
 * Looks at the blocks so far, one more each time, by {@link nominalLevels}. What was decided at one look is never taken back.
 * @param blocks in the order in which they were measured, at least one
 */
export function decide(blocks: readonly PairBlock[], { budgets, margin }: Design): Decision {
  const ratios = blocks.map(blockRatio);
  const levels = levelsOf(budgets);
  const looks = ratios.map((_, index) => lookAt(ratios.slice(0, index + 1), levels));
  const verdict = looks.map((look) => verdictOf(look, Math.log1p(margin))).find((one) => one !== "undecided");
  const { centre, interval } = looks.at(-1)!;
  return {
    verdict: verdict ?? "undecided",
    ratio: Math.exp(centre),
    low: Math.exp(centre - interval),
    high: Math.exp(centre + interval),
    blocks: blocks.length,
  };
}

interface Look {
  /** Natural logarithm of the ratio. */
  centre: number;
  /** Half the width of the interval that must leave 0 for a difference. */
  difference: number;
  /** Half the width of the one that is shown; it is never wider. */
  interval: number;
}

function verdictOf({ centre, difference, interval }: Look, margin: number): Decision["verdict"] {
  if (Math.abs(centre) > difference) return centre > 0 ? "higher" : "lower";
  return Math.abs(centre) + interval < margin ? "same" : "undecided";
}

function lookAt(ratios: readonly BlockRatio[], levels: Levels): Look {
  const count = ratios.length;
  const centre = mean(ratios.map(({ logRatio }) => logRatio));
  const difference = levels.difference.get(Math.min(count, levels.most));
  const tie = levels.tie.get(Math.min(count, levels.most));
  if (difference === undefined || tie === undefined) return { centre, difference: Infinity, interval: Infinity };
  const { variance, degrees } = spreadOf(ratios, centre);
  const half = (level: number) => critical(level, degrees) * Math.sqrt(variance / count);
  return { centre, difference: half(difference), interval: half(Math.max(difference, tie)) };
}

/**
 * Variance of one block's ratio, and its degrees of freedom: from how ratios differ between blocks, together with what varies
 * within them beside a steady drift, which is why few blocks are enough. Only where ratios vary beyond that, as if the
 * machine favoured one of the two for a block at a time, from the ratios alone.
 */
function spreadOf(ratios: readonly BlockRatio[], centre: number): { variance: number; degrees: number } {
  const count = ratios.length;
  const among = sum(ratios.map(({ logRatio }) => (logRatio - centre) ** 2));
  const drift = sum(ratios.map(({ slope, weight }) => slope * weight)) / sum(ratios.map(({ weight }) => weight));
  const within = sum(ratios.map(({ variance, slope, weight }) => variance + weight * (slope - drift) ** 2));
  const degrees = { among: count - 1, within: 2 * count - 1 };
  const excess = among / degrees.among / (within / degrees.within);
  // Without any noise it is 0 ÷ 0: then both are nothing.
  if (fisherTail(excess, [degrees.among, degrees.within]) < IMPROBABLE) {
    return { variance: among / degrees.among, degrees: degrees.among };
  }
  const all = degrees.among + degrees.within;
  return { variance: (among + within) / all, degrees: all };
}

interface Levels {
  most: number;
  difference: Map<number, number>;
  tie: Map<number, number>;
}

const known = new Map<string, Levels>();

function levelsOf(budgets: readonly Budget[]): Levels {
  const key = JSON.stringify(budgets);
  const levels = known.get(key) ?? {
    most: Math.max(FIRST_LOOK, budgets.at(-1)!.maxBlocks),
    difference: nominalLevels(budgets, FALSE_DIFFERENCE, POWER.difference),
    tie: nominalLevels(budgets, FALSE_TIE, POWER.tie),
  };
  known.set(key, levels);
  return levels;
}

const criticals = new Map<string, number>();

/** Two-sided; kept, as every comparison of the same budget asks for the same few. */
function critical(level: number, degrees: number): number {
  const key = `${level} ${degrees}`;
  const value = criticals.get(key) ?? studentQuantile(level / 2, degrees);
  criticals.set(key, value);
  return value;
}
