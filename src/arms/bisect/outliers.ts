import { median } from "../../result/metrics/distribution.ts";
import type { MeasuredBlock } from "./evidence.ts";

/** Fewer blocks tell too little of how far the numbers of one build usually lie apart. */
const FEWEST = 4;
/** In medians of all such distances: normal noise is farther out in one block of 10,000. */
const FAR = 6;
/** Below what any clock can tell. */
const LEAST_DISTANCE = 1e-4;

/**
 * The blocks without those in which the two numbers of one build lie far farther apart than is usual in this search: one of the two
 * was taken at a bad moment, and the search measures another block in place of that. How far apart they lie says nothing of which
 * build is faster, so this favours none.
 */
export function calmBlocks<B extends Pick<MeasuredBlock, "block">>(blocks: readonly B[]): readonly B[] {
  if (blocks.length < FEWEST) return blocks;
  const distances = blocks.map(distancesIn);
  const far = FAR * Math.max(LEAST_DISTANCE, median(distances.flat()));
  return blocks.filter((_, index) => Math.max(...distances[index]!) <= far);
}

/** Between the two numbers of each build, in logarithms. */
const distancesIn = ({ block: { base, arm } }: Pick<MeasuredBlock, "block">): number[] =>
  [base, arm].map(([first, second]) => Math.abs(Math.log(second.value / first.value)));
