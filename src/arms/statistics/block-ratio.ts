import type { PairBlock, Timed } from "./pair-block.ts";

/**
 * What a block says: how the two differ and, from the differences between the two numbers of one build, how much numbers vary.
 * The block's four numbers are taken apart into parts that share nothing: a mean, the ratio, a slope over time, and what is left.
 */
export interface BlockRatio {
  /** Natural logarithm of arm ÷ base, each by the geometric mean of its two numbers. */
  logRatio: number;
  /** An estimate of the variance of `logRatio` from what neither ratio nor a steady drift explains. */
  variance: number;
  /** Change of the logarithm over time, by least squares. */
  slope: number;
  /** Variance of `logRatio` ÷ variance of `slope`. */
  weight: number;
}

/** Values must be above 0, and moments rise. */
export function blockRatio({ base, arm }: PairBlock): BlockRatio {
  const [ofBase, ofArm] = [logs(base), logs(arm)];
  const [a, b] = [distance(base), distance(arm)];
  const squares = a ** 2 + b ** 2;
  // A steady drift moves the two numbers of one build apart in proportion to their distance in time: it cancels here.
  const contrast = b * (ofBase[1] - ofBase[0]) - a * (ofArm[1] - ofArm[0]);
  const slope = (a * (ofBase[1] - ofBase[0]) + b * (ofArm[1] - ofArm[0])) / squares;
  // With v the variance of one number: the ratio has v, the contrast 2v(a² + b²), the slope 2v ÷ (a² + b²).
  return {
    logRatio: middle(ofArm) - middle(ofBase),
    variance: contrast ** 2 / (2 * squares),
    slope,
    weight: squares / 2,
  };
}

const logs = ([first, second]: PairBlock["base"]): [number, number] => [Math.log(first.value), Math.log(second.value)];
const distance = ([first, second]: readonly [Timed, Timed]) => second.at - first.at;
const middle = ([first, second]: readonly [number, number]) => (first + second) / 2;
