import { studentQuantile } from "../../../../src/statistics/student.ts";
import { LEAST_DEVIATION, type Level, levelOf } from "./level.ts";

/** The newest numbers have another level than those before them. */
export interface Shift {
  /** How many of the newest. */
  count: number;
  /** New − old level. */
  size: number;
  before: Level;
  persistence: number;
}

/** How many of the newest numbers are held against those before: close together first, where a change shows soonest. */
const LOOKS = [2, 3, 4, 6, 9, 13, 20] as const;
export const NEWEST = LOOKS.at(-1)!;
/** Most numbers before them. */
export const BEFORE = 40;
/** A level of fewer is not judged. */
export const ENOUGH = 5;
/**
 * One-sided error of a look. Seven looks at each number, of which neighbours say nearly the same: with this, normal noise alone
 * begins an alarm about once in 30,000 numbers.
 */
const ERROR = 5e-6;
/** Smallest change, as a part of the level. */
export const SMALLEST = 0.015;
/** All but so many of the newest must lie beyond half the shift, so that no outlier makes one. */
const EXCEPTIONS = 1 / 4;
/** Numbers on both sides from which on each may have a spread of its own (Welch's test). */
const OWN_SPREAD = 10;

/**
 * The clearest shift at the end of a level's numbers.
 * @param persistenceOf correlation of neighbours, as known of all so far
 * @param rough about what the level is like: most looks are not worth a test, and that is seen by counting
 */
export function shiftIn(
  numbers: readonly number[],
  persistenceOf: (level: Level) => number,
  rough?: Level,
): Shift | undefined {
  let clearest: { shift: Shift; clarity: number } | undefined;
  for (const count of LOOKS) {
    const end = numbers.length - count;
    if (end < ENOUGH) break;
    if (rough !== undefined && !mayBeStep(numbers, count, rough)) continue;
    const before = levelOf(numbers.slice(Math.max(0, end - BEFORE), end));
    const newest = numbers.slice(end);
    const persistence = persistenceOf(before);
    const size = trimmedMean(newest) - before.center;
    const clarity = clarityOf(newest, size, before, persistence);
    if (clarity < 1 || clarity < (clearest?.clarity ?? 0) || !isStep(newest, size, before)) continue;
    clearest = { shift: { count, size, before, persistence }, clarity };
  }
  return clearest?.shift;
}

/** The t of the shift ÷ the one that is demanded. */
function clarityOf(newest: readonly number[], size: number, before: Level, persistence: number): number {
  if (size === 0 || Math.abs(size) < SMALLEST * Math.abs(before.center)) return 0;
  const deviation = size > 0 ? before.above : before.below;
  const [n, k] = [before.count, newest.length];
  const mean = before.center + size;
  const own = newest.reduce((sum, number) => sum + (number - mean) ** 2, 0) / (k - 1);
  const [ofBefore, ofNewest] = [varianceOfMean(n, persistence), varianceOfMean(k, persistence)];
  const shared = ((n - 1) * deviation ** 2 + (k - 1) * own) / (n + k - 2);
  const pooled = Math.abs(size) / Math.sqrt(shared * (ofBefore + ofNewest)) / demanded(n + k - 2);
  if (k < OWN_SPREAD || n < OWN_SPREAD) return pooled;
  const [a, b] = [deviation ** 2 * ofBefore, Math.max(own, (LEAST_DEVIATION * before.center) ** 2) * ofNewest];
  const degrees = (a + b) ** 2 / (a ** 2 / (n - 1) + b ** 2 / (k - 1));
  return Math.max(pooled, Math.abs(size) / Math.sqrt(a + b) / demanded(degrees));
}

/** The least t that is ever demanded, of infinitely many numbers. */
const LEAST_T = studentQuantile(ERROR, 1e6);
/** What the rough level may be off by. */
const MARGIN = 0.8;

/** Whether enough of the newest lie so far out on one side that a test could hold them for a step. */
function mayBeStep(numbers: readonly number[], count: number, { center, deviation }: Level): boolean {
  const ofMean = count < OWN_SPREAD ? 1 / count + 1 / BEFORE : 1 / BEFORE;
  const least = (MARGIN / 2) * Math.max(SMALLEST * Math.abs(center), LEAST_T * deviation * Math.sqrt(ofMean));
  const most = Math.floor(EXCEPTIONS * count);
  let [notAbove, notBelow] = [0, 0];
  for (let at = numbers.length - count; at < numbers.length; at++) {
    const distance = numbers[at]! - center;
    if (distance < least) notAbove++;
    if (distance > -least) notBelow++;
    if (notAbove > most && notBelow > most) return false;
  }
  return true;
}

function isStep(newest: readonly number[], size: number, { center }: Level): boolean {
  const short = newest.filter((number) => Math.sign(size) * (number - center) < Math.abs(size) / 2).length;
  return short <= Math.floor(EXCEPTIONS * newest.length);
}

/** From four on without the lowest and the highest. */
function trimmedMean(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const kept = sorted.length < 4 ? sorted : sorted.slice(1, -1);
  return kept.reduce((sum, number) => sum + number, 0) / kept.length;
}

/** Variance of a mean of n numbers, in variances of one: neighbours that are alike say less (AR(1)). */
function varianceOfMean(count: number, persistence: number): number {
  let sum = 1;
  for (let lag = 1; lag < count; lag++) sum += 2 * (1 - lag / count) * persistence ** lag;
  return sum / count;
}

const known = new Map<number, number>();
function demanded(degrees: number): number {
  const whole = Math.max(2, Math.round(degrees));
  const t = known.get(whole) ?? studentQuantile(ERROR, whole);
  known.set(whole, t);
  return t;
}
