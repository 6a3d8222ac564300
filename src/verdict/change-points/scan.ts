import { differenceAt } from "./difference.ts";
import { type Division, divide } from "./divide.ts";

/** What is known of a series' beginning, whatever numbers come after it. */
export interface Scan {
  /** Start of the first window that is not full yet. */
  start: number;
  /** Candidates of the full windows before it, in order. */
  candidates: readonly number[];
}

export const NOTHING_SEEN: Scan = { start: 0, candidates: [] };

/**
 * Looks for divisions of a series window by window. The next one begins half a window later, or at the last division found.
 * @param from where an earlier scan of the same numbers ended: a full window holds the same numbers for good, so going on from
 * there is the same as beginning anew
 */
export function scan(
  values: readonly number[],
  { window, pValue }: { window: number; pValue: number },
  from: Scan = NOTHING_SEEN,
): { candidates: number[]; settled: Scan } {
  const candidates = new Set(from.candidates);
  let settled = from;
  for (let { start } = from; start < values.length; ) {
    const end = Math.min(start + window, values.length);
    const found = divisionsOf(values.slice(start, end), pValue).map((index) => start + index);
    for (const index of found) candidates.add(index);
    const isFull = end - start === window;
    start = Math.max(found.at(-1) ?? 0, start + Math.floor(window / 2));
    if (isFull) settled = { start, candidates: inOrder(candidates) };
  }
  return { candidates: inOrder(candidates), settled };
}

const inOrder = (indexes: Iterable<number>) => [...indexes].toSorted((a, b) => a - b);

/** Divides a window at its greatest difference, then its parts, as long as the test holds the difference for real. */
function divisionsOf(window: readonly number[], pValue: number): number[] {
  let stretches: Stretch[] = stretchesOf(window, [[0, window.length]]);
  for (;;) {
    const next = widest(stretches);
    if (next?.division === undefined) break;
    const { start, end, division } = next;
    if (differenceAt(window, [start, division.index, end]).pValue > pValue) break;
    const parts = stretchesOf(window, [
      [start, division.index],
      [division.index, end],
    ]);
    stretches = stretches.flatMap((stretch) => (stretch === next ? parts : [stretch]));
  }
  return stretches.slice(1).map(({ start }) => start);
}

interface Stretch {
  start: number;
  end: number;
  /** None where it is a single number. */
  division: Division | undefined;
}

const stretchesOf = (window: readonly number[], ends: readonly (readonly [number, number])[]): Stretch[] =>
  ends.map(([start, end]) => ({ start, end, division: end - start > 1 ? divide(window, start, end) : undefined }));

/** The first of those that fall apart most. */
function widest(stretches: readonly Stretch[]): Stretch | undefined {
  let found: Stretch | undefined;
  for (const stretch of stretches) {
    const distance = stretch.division?.distance ?? Number.NEGATIVE_INFINITY;
    if (found === undefined || distance > (found.division?.distance ?? Number.NEGATIVE_INFINITY)) found = stretch;
  }
  return found;
}
