import type { Combination } from "./plan.ts";

/** GitHub Actions starts no more jobs from one matrix. */
export const LARGEST_MATRIX = 256;

interface MatrixJob {
  /** For the job's name and its artifact. */
  name: string;
  /** For `pitwall run --shard`. */
  shard: string;
}

/**
 * `strategy.matrix` of a workflow that spreads the runs over runners: a job for each, or, beyond the 256 jobs that a matrix
 * may have, for each part of the list. Nothing to run gives an empty list, which GitHub refuses: ask for it with `if:`.
 */
export function matrixOf(list: readonly Combination[]): { include: MatrixJob[] } {
  const runs = list.filter(({ knownBad }) => knownBad === undefined);
  const count = Math.min(runs.length, LARGEST_MATRIX);
  const include = Array.from({ length: count }, (_, index) => ({
    name: runs.length === count ? runs[index]!.name : `part-${index + 1}-of-${count}`,
    shard: `${index + 1}/${count}`,
  }));
  return { include };
}
