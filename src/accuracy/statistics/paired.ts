import { exactMcNemar } from "./mcnemar.ts";

/** What a sample came to in two runs. */
export interface Pair {
  id: string;
  before: boolean;
  now: boolean;
}

export const PAIRED_VERDICTS = ["worse", "better", "no_difference_shown"] as const;
type PairedVerdict = (typeof PAIRED_VERDICTS)[number];

/** Two runs on the same samples. */
export interface Paired {
  verdict: PairedVerdict;
  samples: number;
  /** Ids of samples that were right and are wrong now. */
  lost: string[];
  /** Ids of samples that were wrong and are right now. */
  gained: string[];
  /** Change of the score, from -1 to 1. */
  change: number;
  /** By {@link exactMcNemar}, two-sided. */
  p: number;
}

/**
 * A run is called worse by one of the two sides only, so that of equal engines at most one in forty is; fewer for a handful of
 * changes, where the test is exact.
 */
const SIGNIFICANT = 0.05;

/**
 * Whether a run answers better or worse than another on the same samples. Pairs take out what makes samples easy or hard, which
 * is nearly all of what makes two scores vary: ten losses without a gain are seen among any number of samples.
 * @param pairs one a sample, at least one
 */
export function pairedRuns(pairs: readonly Pair[]): Paired {
  const lost = pairs.filter(({ before, now }) => before && !now).map(({ id }) => id);
  const gained = pairs.filter(({ before, now }) => !before && now).map(({ id }) => id);
  return {
    verdict: pairedVerdict(lost.length, gained.length),
    samples: pairs.length,
    ...{ lost, gained },
    p: exactMcNemar(lost.length, gained.length),
    change: (gained.length - lost.length) / pairs.length,
  };
}

/** @param lost how many samples were right before and are wrong now; @param gained the other way round */
export function pairedVerdict(lost: number, gained: number): PairedVerdict {
  if (exactMcNemar(lost, gained) >= SIGNIFICANT) return "no_difference_shown";
  return lost > gained ? "worse" : "better";
}
