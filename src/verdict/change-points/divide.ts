/** Where a stretch of a series falls into two parts, and by how much they differ. */
export interface Division {
  /** The first number of the second part. */
  index: number;
  /** The energy distance of both parts, scaled by their sizes: Q̂ of Matteson and James, arXiv 1306.4933, with α = 1. */
  distance: number;
}

/**
 * The division of `values[start, end)` whose parts differ most, where the second part may end before the stretch does, so that
 * what comes after a short change cannot hide it. In O(n²) steps: the sums of distances are carried from one candidate to the next.
 * @param values at least two of them between start and end
 */
export function divide(values: readonly number[], start: number, end: number): Division {
  const stretch = Float64Array.from({ length: end - start }, (_, at) => values[start + at]!);
  const upTo = distancesUpTo(stretch);
  /** Sum of distances within the second part of the candidate, by where it ends. */
  const within = new Float64Array(stretch.length + 1);
  /** Sum of distances from a number to those of the second part before it. */
  const toSecond = new Float64Array(stretch.length);
  let best: Division = { index: start + 1, distance: Number.NEGATIVE_INFINITY };
  for (let cut = stretch.length - 1; cut >= 1; cut--) {
    const first = upTo[cut]!;
    let row: Division = { index: start + cut, distance: Number.NEGATIVE_INFINITY };
    within[cut] = 0;
    for (let last = cut; last < stretch.length; last++) {
      if (last > cut) toSecond[last]! += Math.abs(stretch[last]! - stretch[cut]!);
      within[last + 1] = within[last]! + (last > cut ? toSecond[last]! : 0);
      const second = within[last + 1]!;
      const distance = energyDistance([cut, first], [last + 1 - cut, second], upTo[last + 1]! - first - second);
      if (distance > row.distance) row = { index: start + cut, distance };
    }
    // The earliest of those that are equally good: candidates come from the last to the first.
    if (row.distance >= best.distance) best = row;
  }
  return best;
}

/** The sum of all distances within the first n numbers, by n. */
function distancesUpTo(stretch: Float64Array): Float64Array {
  const upTo = new Float64Array(stretch.length + 1);
  for (let at = 0; at < stretch.length; at++) {
    let toEarlier = 0;
    for (let before = 0; before < at; before++) toEarlier += Math.abs(stretch[at]! - stretch[before]!);
    upTo[at + 1] = upTo[at]! + toEarlier;
  }
  return upTo;
}

/** @param first, second size of a part and the sum of distances within it; @param between sum of distances from one to the other */
function energyDistance(
  [n, withinFirst]: readonly [number, number],
  [m, withinSecond]: readonly [number, number],
  between: number,
): number {
  const mean = (size: number, sum: number) => (size > 1 ? sum / (size - 1) : 0);
  return (2 / (n + m)) * (between - m * mean(n, withinFirst) - n * mean(m, withinSecond));
}
