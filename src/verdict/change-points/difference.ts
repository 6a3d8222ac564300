import { studentTail } from "../../statistics/student.ts";

/** Mean and standard deviation of a part of a series. */
export interface Part {
  mean: number;
  /** Standard deviation of the numbers as they are (divided by n). */
  deviation: number;
  count: number;
}

/** What lies before a change point beside what lies after it. */
export interface Difference {
  before: Part;
  after: Part;
  /** By Student's two-sided test for equal means; 1 where it cannot be asked. */
  pValue: number;
}

export function differenceAt(values: readonly number[], [start, index, end]: readonly [number, number, number]) {
  const before = partOf(values, start, index);
  const after = partOf(values, index, end);
  return { before, after, pValue: pValueOf(before, after) };
}

/** The greater of the relative changes forwards and backwards, so that a halving weighs as much as a doubling; no sign. */
export function magnitude({ before, after }: Difference): number {
  const from = (base: number, other: number) => (base === 0 ? 0 : Math.abs(other / base - 1));
  return Math.max(from(before.mean, after.mean), from(after.mean, before.mean));
}

export function partOf(values: readonly number[], start: number, end: number): Part {
  const count = end - start;
  let sum = 0;
  for (let at = start; at < end; at++) sum += values[at]!;
  const mean = sum / count;
  let squares = 0;
  for (let at = start; at < end; at++) squares += (values[at]! - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / count), count };
}

/**
 * Otava 0.8 gives the test deviations divided by n where it asks for n − 1: kept, as its thresholds are known with that, and its
 * results are what users compare with. It makes p smaller where a part is short.
 */
export function pValueOf(before: Part, after: Part): number {
  const degrees = before.count + after.count - 2;
  if (degrees < 1) return 1;
  const squares = (before.count - 1) * before.deviation ** 2 + (after.count - 1) * after.deviation ** 2;
  const error = Math.sqrt((squares / degrees) * (1 / before.count + 1 / after.count));
  const t = Math.abs(after.mean - before.mean) / error;
  return Number.isNaN(t) ? 1 : 2 * studentTail(t, degrees);
}
