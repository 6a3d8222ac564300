import { goingOn } from "../statistics/boundary.ts";
import { type Decision, decide } from "../statistics/decide.ts";
import type { PairBlock } from "../statistics/pair-block.ts";
import { changeProbability, expectedChange } from "./chain.ts";
import type { Evidence, Stretch } from "./evidence.ts";
import type { Fit } from "./fit.ts";

/** A stretch of the line at which the numbers change, perhaps. */
export interface Change {
  stretch: Stretch;
  probability: number;
  /** Expected, of the commit ÷ the one before the stretch. */
  ratio: number;
  /** What the two side by side say; null: they were not measured so. */
  beside: Decision | null;
}

/** What a search thinks of all stretches. */
export interface Changes {
  /** Held to have changed the numbers, the largest change first. */
  likely: readonly Change[];
  /** All others, the likeliest first. */
  others: readonly Change[];
}

/** Blocks after which two builds side by side are as good as equal. */
const MOST_BESIDE = 20;
/** Whatever budget the whole search has, and gets when it goes on. */
const BESIDE = goingOn([], 0, MOST_BESIDE);
/** From here on a stretch is held to have changed the numbers, and is measured beside the commit before it. */
const LIKELY = 0.9;

export function changesOf({ stretches, posterior, effect }: Fit, { blocks }: Evidence, margin: number): Changes {
  const all = stretches.map((stretch, index): Change => {
    const around = posterior.around(index);
    return {
      stretch,
      probability: changeProbability(around),
      ratio: Math.exp(expectedChange(around) * effect),
      beside: besideOf(blocks, stretch, margin),
    };
  });
  const size = ({ ratio }: Change) => Math.abs(Math.log(ratio));
  return {
    likely: all.filter(isLikely).toSorted((a, b) => size(b) - size(a)),
    others: all.filter((change) => !isLikely(change)).toSorted((a, b) => b.probability - a.probability),
  };
}

const isLikely = ({ probability }: Change) => probability >= LIKELY;

/** What blocks of two commits side by side say; null: there are none. */
export function besideOf(
  blocks: Evidence["blocks"],
  { from, to }: Pick<Stretch, "from" | "to">,
  margin: number,
): Decision | null {
  const own: PairBlock[] = blocks
    .filter(({ commit, against }) => commit === to && against === from)
    .map(({ block }) => block);
  return own.length === 0 ? null : decide(own, { budgets: BESIDE, margin });
}

/** Whether more blocks of the two side by side may still decide. */
export const isOpen = (beside: Decision | null): boolean =>
  beside === null || (beside.verdict === "undecided" && beside.blocks < MOST_BESIDE);

/** Side by side the two differ as the search says. */
export const isVerified = ({ beside, ratio }: Change): boolean => beside?.verdict === (ratio > 1 ? "higher" : "lower");
