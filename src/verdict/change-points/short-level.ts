import { type Difference, partOf, pValueOf } from "./difference.ts";

/**
 * Places of the points that go because the first level that is too short lies beside them. Both, where the levels around it do
 * not differ: it was an outlier. To take one alone would leave its numbers to the other level, whose spread would then hide
 * changes that are real. Else the less certain of the two.
 */
export function aroundShortLevel(
  values: readonly number[],
  points: readonly ({ index: number } & Difference)[],
  { pValue, minSegment }: { pValue: number; minSegment: number },
): number[] {
  const ends = [0, ...points.map(({ index }) => index), values.length];
  const short = points.length === 0 ? -1 : ends.findIndex((end, at) => at > 0 && end - ends[at - 1]! < minSegment);
  if (short === -1) return [];
  const [left, right] = [short - 2, short - 1];
  if (left < 0) return [right];
  if (right >= points.length) return [left];
  const before = partOf(values, ends[short - 2]!, ends[short - 1]!);
  const after = partOf(values, ends[short]!, ends[short + 1]!);
  if (pValueOf(before, after) >= pValue) return [left, right];
  return points[left]!.pValue > points[right]!.pValue ? [left] : [right];
}
