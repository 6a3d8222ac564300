import { type Difference, differenceAt, magnitude } from "./difference.ts";
import { NOTHING_SEEN, type Scan, scan } from "./scan.ts";
import { aroundShortLevel } from "./short-level.ts";

/** A number from which on a series has another level. */
export interface ChangePoint extends Difference {
  /** The first number of the new level. */
  index: number;
}

export interface ChangePointOptions {
  /** Numbers that are looked at together, at least 2: a change is sought within them. */
  window: number;
  /** A change point stays where two levels that are the same would differ so much with less than this probability. */
  pValue: number;
  /** Smallest change, 0.05 is 5 %; what is not greater goes. */
  minMagnitude: number;
  /** Numbers that a level must hold. */
  minSegment: number;
}

/** Those of Apache Otava 0.8, which knows no shortest level. */
export const OTAVA: ChangePointOptions = { window: 50, pValue: 0.001, minMagnitude: 0, minSegment: 1 };

export interface ChangePoints {
  points: ChangePoint[];
  /** Hand it back with the same numbers and more after them: what it covers is not looked at again. */
  settled: Scan;
}

/**
 * Change points of a whole series, as Apache Otava 0.8 finds them: divisions of sliding windows that Student's test holds for real
 * at ten times the threshold are candidates; the weakest goes until all keep the threshold, then the smallest until all are big
 * enough (Fleming et al., "Hunter: Using Change Point Detection to Hunt for Performance Regressions", ICPE 2023).
 * @param values oldest first; a number that is missing is left out by the caller
 * @param from what an earlier call settled of the same numbers with the same options
 */
export function changePoints(
  values: readonly number[],
  options: ChangePointOptions = OTAVA,
  from: Scan = NOTHING_SEEN,
): ChangePoints {
  const { candidates, settled } = scan(values, { window: options.window, pValue: loose(options.pValue) }, from);
  return { points: keepStrong(values, candidates, options), settled };
}

/** Neighbours that go make a weak candidate stronger, so it may stay for that long. */
const loose = (pValue: number) => (pValue < 0.05 ? 10 * pValue : pValue < 0.5 ? 2 * pValue : pValue);

function keepStrong(values: readonly number[], indexes: readonly number[], options: ChangePointOptions): ChangePoint[] {
  const points = measured(
    values,
    indexes.map((index) => ({ index })),
  );
  for (;;) {
    const [first, ...others] = unheld(values, points, options);
    if (first === undefined) return measured(values, points);
    points.splice(first, 1 + others.length);
    // Otava looks anew at the two after the one that went, so that the one before it is judged by the shorter level it had:
    // with any other choice the points are not those that its users know.
    const late = measured(values, points).slice(first, first + 2);
    points.splice(first, late.length, ...late);
  }
}

/** Each with what lies between its neighbours. */
const measured = (values: readonly number[], points: readonly { index: number }[]): ChangePoint[] =>
  points.map(({ index }, at) => {
    const ends = [points[at - 1]?.index ?? 0, index, points[at + 1]?.index ?? values.length] as const;
    return { index, ...differenceAt(values, ends) };
  });

/** Places of what does not hold: the least certain point, else the smallest, else those around a level that is too short. */
function unheld(
  values: readonly number[],
  points: readonly ChangePoint[],
  { pValue, minMagnitude, minSegment }: ChangePointOptions,
): number[] {
  const uncertain = extreme(points, (point) => point.pValue);
  if (uncertain === undefined) return [];
  if (points[uncertain]!.pValue >= pValue) return [uncertain];
  const smallest = extreme(points, (point) => -magnitude(point))!;
  if (magnitude(points[smallest]!) <= minMagnitude) return [smallest];
  return aroundShortLevel(values, points, { pValue, minSegment });
}

/** The place of the first point with the greatest weight. */
function extreme(points: readonly ChangePoint[], weight: (point: ChangePoint) => number): number | undefined {
  const most = Math.max(...points.map(weight));
  const place = points.findIndex((point) => weight(point) === most);
  return place === -1 ? undefined : place;
}
