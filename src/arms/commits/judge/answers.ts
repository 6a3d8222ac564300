import { z } from "zod";

const count = z.int().nonnegative();

/** How a build answered the same questions as its base, greedily. */
export const Answers = z.strictObject({
  questions: count,
  differ: count.meta({ description: "Questions that the two answered otherwise." }),
  differOfBase: count.meta({ description: "Those that two starts of the base did: what its own arithmetic does." }),
});
export type Answers = z.infer<typeof Answers>;

/** A difference that equal builds show less often than this is one of the builds. */
const IMPROBABLE = 0.001;

/** @param base two lists of answers of the base @param answers in the same order of questions */
export function comparedAnswers(
  base: readonly [readonly string[], readonly string[]],
  answers: readonly string[],
): Answers {
  const [first, second] = base;
  return { questions: first.length, differ: differing(first, answers), differOfBase: differing(first, second) };
}

const differing = (one: readonly string[], other: readonly string[]): number =>
  one.filter((text, index) => text !== other[index]).length;

/**
 * Whether a build answers otherwise than its base by more than the base does than itself: R. Fisher's exact test of the two
 * counts, one-sided (Statistical Methods for Research Workers, 1934).
 */
export function areOther({ questions, differ, differOfBase }: Answers): boolean {
  if (differ <= differOfBase) return false;
  return tail(questions, differ, differ + differOfBase) < IMPROBABLE;
}

/** Probability that of `marked` among two groups of `size` so many or more are in the first, if it is chance. */
function tail(size: number, least: number, marked: number): number {
  let sum = 0;
  for (let count = least; count <= Math.min(size, marked); count += 1)
    if (marked - count <= size)
      sum += Math.exp(logChoose(size, count) + logChoose(size, marked - count) - logChoose(2 * size, marked));
  return sum;
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i += 1) log += Math.log((n - k + i) / i);
  return log;
}
