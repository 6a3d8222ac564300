import type { Decision } from "../statistics/decide.ts";
import { besideOf, type Change, type Changes, changesOf, isOpen, isVerified } from "./changes.ts";
import { badEnd, type Evidence } from "./evidence.ts";
import { type Fit, fitOf } from "./fit.ts";
import { informationOf } from "./information.ts";
import { calmBlocks } from "./outliers.ts";

/** What to measure next, or why nothing more. */
export type Step = Measure | { kind: "end"; end: End };

export interface Measure {
  kind: "measure";
  commit: number;
  against: number;
  /** Whether the ends differ; where the change is; whether this commit brought it. */
  purpose: "pair" | "search" | "verify";
}

export interface End {
  kind: "culprit" | "range" | "not_reproduced" | "budget_spent";
  /** What the bad end beside the good one says; null: nothing was measured. */
  pair: Decision | null;
  /** Where the numbers change, the largest change first; of a search that was not done, what is known by then. */
  changes: readonly Change[];
  /** The likeliest of all others; null: there is none. */
  runnerUp: Change | null;
}

export interface Limits {
  /** Nothing more may be measured. */
  isSpent: boolean;
  /** Relative difference, as 0.02: a smaller one of the ends is none. */
  margin: number;
  /** On which side of the good end the bad one must lie; null: on either. */
  direction: "higher" | "lower" | null;
}

/** Changes that may be left elsewhere, in expectation. */
const REST = 0.2;

/**
 * First whether the ends differ at all; then block by block the commit that tells most, until what is left elsewhere is
 * little; then those that are found beside the commits before them, which may send the search back. Blocks that stand far out
 * count for none of it.
 */
export function nextStep(measured: Evidence, { isSpent, margin, direction }: Limits): Step {
  const evidence = { ...measured, blocks: calmBlocks(measured.blocks) };
  const ends = { from: 0, to: badEnd(evidence) };
  const pair = besideOf(evidence.blocks, ends, margin);
  if (pair === null || isOpen(pair)) {
    if (isSpent) return endWith("budget_spent", pair);
    return { kind: "measure", commit: ends.to, against: 0, purpose: "pair" };
  }
  const isChange =
    direction === null ? pair.verdict === "higher" || pair.verdict === "lower" : pair.verdict === direction;
  if (!isChange) return endWith("not_reproduced", pair);
  const fit = fitOf(evidence);
  const changes = changesOf(fit, evidence, margin);
  const open = changes.likely.find((change) => !isVerified(change) && isOpen(change.beside));
  const isFound = changes.likely.length > 0 && restOf(changes) <= REST;
  if (isSpent || (isFound && open === undefined)) return endOf(pair, changes);
  if (isFound) return { kind: "measure", commit: open!.stretch.to, against: open!.stretch.from, purpose: "verify" };
  return { kind: "measure", commit: mostTelling(fit), against: 0, purpose: "search" };
}

const restOf = ({ others }: Changes) => others.reduce((sum, { probability }) => sum + probability, 0);

/** The commit whose block tells most of where the change is. */
function mostTelling(fit: Fit): number {
  const gains = informationOf(fit);
  return fit.stretches[gains.indexOf(Math.max(...gains))]!.to;
}

const endWith = (kind: "not_reproduced" | "budget_spent", pair: Decision | null): Step => ({
  kind: "end",
  end: { kind, pair, changes: [], runnerUp: null },
});

/** The largest change is the one that was looked for; it counts when it was verified, whatever else is open. */
function endOf(pair: Decision, { likely, others }: Changes): Step {
  const [best, ...rest] = others;
  const end =
    likely.length > 0
      ? { changes: likely, runnerUp: best ?? null }
      : { changes: others.slice(0, 1), runnerUp: rest[0] ?? null };
  return { kind: "end", end: { kind: kindOf(likely[0]), pair, ...end } };
}

function kindOf(largest: Change | undefined): End["kind"] {
  if (largest === undefined || !isVerified(largest)) return "budget_spent";
  return largest.stretch.to - largest.stretch.from === 1 ? "culprit" : "range";
}
