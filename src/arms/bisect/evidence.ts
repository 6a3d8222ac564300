import type { PairBlock } from "../statistics/pair-block.ts";

/**
 * What a search knows. Commits are numbered along their line: 0 is the good end, `weights.length` the bad one.
 * Blocks compare a commit with the good end, or with the commit measured before it in the line.
 */
export interface Evidence {
  /** How likely commit i + 1 is to have changed anything, beside the others, before anything was measured; above 0. */
  weights: readonly number[];
  blocks: readonly MeasuredBlock[];
  /** Numbers of earlier runs. */
  stored: readonly StoredNumber[];
  /** Commits that cannot be built or measured. */
  skipped: readonly number[];
}

export interface MeasuredBlock {
  commit: number;
  against: number;
  /** The arm is the commit, the base what it was measured against. */
  block: PairBlock;
}

/** An earlier run's number of a commit beside the good end's. */
export interface StoredNumber {
  commit: number;
  /** Natural logarithm of commit ÷ good end. */
  logRatio: number;
  /** How far off it may be: other days and other starts are in it. */
  spread: number;
}

/** Commits that nothing can tell apart: those after `from` up to `to`, the first that can be measured again. */
export interface Stretch {
  from: number;
  to: number;
  weight: number;
}

export const badEnd = ({ weights }: Pick<Evidence, "weights">): number => weights.length;

/** The line in stretches, in order: of one commit each where all can be measured. */
export function stretchesOf({ weights, skipped }: Pick<Evidence, "weights" | "skipped">): Stretch[] {
  const left = new Set(skipped);
  const places = [...weights.keys()].map((index) => index + 1).filter((commit) => !left.has(commit));
  return places.map((to, index) => {
    const from = places[index - 1] ?? 0;
    return { from, to, weight: weights.slice(from, to).reduce((sum, weight) => sum + weight, 0) };
  });
}

export const isBetween = ({ from, to }: Stretch, { commit, against }: MeasuredBlock): boolean =>
  commit === to && against === from;
