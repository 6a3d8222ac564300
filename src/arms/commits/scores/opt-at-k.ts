import { mean, percentile } from "../../../result/metrics/distribution.ts";
import { type Random, seededRandom } from "../../../workload/random.ts";

/** Attempts at one task. */
export interface Tries {
  tried: number;
  succeeded: number;
}

/**
 * Probability that the best of k attempts, drawn without replacement from those that there are, succeeds:
 * 1 − C(n − c, k) ÷ C(n, k), which has no bias. From M. Chen et al., Evaluating Large Language Models Trained on Code, 2021
 * (pass@k), in its product form, which does not overflow.
 * @throws RangeError for a k of more attempts than there are
 */
export function atK({ tried, succeeded }: Tries, k: number): number {
  if (k > tried) throw new RangeError(`the best of ${k} cannot be told from ${tried} attempts`);
  if (tried - succeeded < k) return 1;
  let none = 1;
  for (let n = tried - succeeded + 1; n <= tried; n += 1) none *= 1 - k / n;
  return 1 - none;
}

export interface Estimate {
  value: number;
  /** 95 % interval. */
  low: number;
  high: number;
  tasks: number;
}

const RESAMPLES = 2000;
/** Any number will do; that it is always the same makes a report of its results alone. */
const SEED = 24;

/**
 * Mean over tasks, with a percentile-bootstrap interval over tasks (B. Efron, Annals of Statistics 7, 1979): which tasks a
 * benchmark happens to have is the larger part of what it does not know.
 * @returns undefined for no tasks
 */
export function meanOverTasks(scores: readonly number[]): Estimate | undefined {
  if (scores.length === 0) return undefined;
  const random = seededRandom(SEED, scores.length);
  const means = Float64Array.from({ length: RESAMPLES }, () => mean(resampled(scores, random))).sort();
  return { value: mean(scores), low: percentile(means, 2.5), high: percentile(means, 97.5), tasks: scores.length };
}

const resampled = (scores: readonly number[], random: Random) =>
  scores.map(() => scores[Math.floor(random() * scores.length)]!);

/** Opt@k over tasks, those with fewer than k attempts left out. */
export const optAtK = (tasks: readonly Tries[], k: number): Estimate | undefined =>
  meanOverTasks(tasks.filter(({ tried }) => tried >= k).map((task) => atK(task, k)));
