import { blockRatio } from "../../../src/arms/statistics/block-ratio.ts";
import { goingOn } from "../../../src/arms/statistics/boundary.ts";
import { decide } from "../../../src/arms/statistics/decide.ts";
import type { PairBlock } from "../../../src/arms/statistics/pair-block.ts";
import { mean, percentile } from "../../../src/result/metrics/distribution.ts";
import { studentQuantile } from "../../../src/statistics/student.ts";
import type { Random } from "../../../src/workload/random.ts";

/** What one comparison came to. */
export interface End {
  verdict: "higher" | "lower" | "same" | "undecided";
  /** Engine time in blocks of four measurements. */
  blocks: number;
  /** The interval of the ratio; absent for rules that have none. */
  interval?: readonly [number, number];
}

/** A machine's numbers for two builds: in balanced blocks, one after the other, or both at the same time. */
export interface Pair {
  blocks: () => Iterator<PairBlock, never>;
  /** The logarithm of the next number of one build, taken after all numbers so far. */
  next: (who: "base" | "arm") => number;
  random: Random;
}

export type Rule = (pair: Pair) => End;

/** Ours: looks after each block. */
export function sequential(maxBlocks: number, margin = 0.02): Rule {
  return ({ blocks }) => {
    const source = blocks();
    const seen: PairBlock[] = [];
    for (;;) {
      seen.push(source.next().value);
      const { verdict, low, high } = decide(seen, { budgets: goingOn([], 0, maxBlocks), margin });
      if (verdict === "undecided" && seen.length < maxBlocks) continue;
      return { verdict, blocks: seen.length, interval: [low, high] };
    }
  };
}

/** As many blocks whatever they say: a difference by Student's t at 1 %, equal by the 95 % interval within the margin. */
export function fixedBlocks(count: number, margin = 0.02): Rule {
  return ({ blocks }) => {
    const ratios = blockRatios(blocks(), count);
    const { centre, error } = meanAndError(ratios);
    const half = studentQuantile(0.025, count - 1) * error;
    const isDifferent = Math.abs(centre) > studentQuantile(0.005, count - 1) * error;
    const isSame = Math.abs(centre) + half < Math.log1p(margin);
    return {
      verdict: isDifferent ? sign(centre) : isSame ? "same" : "undecided",
      blocks: count,
      interval: [Math.exp(centre - half), Math.exp(centre + half)],
    };
  };
}

/** (a) One run each, the base first: more than 2 % apart is a difference. */
export const singleRuns: Rule = ({ next }) => {
  const difference = -next("base") + next("arm");
  return { verdict: Math.abs(difference) > Math.log(1.02) ? sign(difference) : "same", blocks: 0.5 };
};

/** (b) Ten runs of the base, then ten of the arm; Welch's t at 5 %. */
export const fixedOrder: Rule = ({ next }) => {
  const [base, arm] = (["base", "arm"] as const).map((who) => Array.from({ length: 10 }, () => next(who)));
  const [a, b] = [meanAndError(base!), meanAndError(arm!)];
  const difference = b.centre - a.centre;
  const limit = studentQuantile(0.025, 18) * Math.hypot(a.error, b.error);
  return { verdict: Math.abs(difference) > limit ? sign(difference) : "same", blocks: 5 };
};

/**
 * (c) Ten pairs that run at the same moment and share what the machine does; 95 % bootstrap interval of the mean ratio (L. Bulej
 * and others, Duet benchmarking, ICPE 2020). Where one device serves one engine, two at once are not what is asked about.
 */
export const duet: Rule = ({ blocks, random }) => {
  const source = blocks();
  const ratios = Array.from({ length: 10 }, () => {
    const { base, arm } = source.next().value;
    return Math.log(arm[0].value / base[0].value);
  });
  const [low, high] = bootstrap(ratios, random);
  return {
    verdict: low > 0 ? "higher" : high < 0 ? "lower" : "same",
    blocks: 5,
    interval: [Math.exp(low), Math.exp(high)],
  };
};

const sign = (value: number) => (value > 0 ? "higher" : "lower");

const blockRatios = (source: Iterator<PairBlock, never>, count: number) =>
  Array.from({ length: count }, () => blockRatio(source.next().value).logRatio);

function meanAndError(values: readonly number[]) {
  const centre = mean(values);
  const variance = values.reduce((total, value) => total + (value - centre) ** 2, 0) / (values.length - 1);
  return { centre, error: Math.sqrt(variance / values.length) };
}

/** The 95 % interval of the mean. */
export function bootstrap(values: readonly number[], random: Random): [number, number] {
  const means = Float64Array.from({ length: 200 }, () =>
    mean(values.map(() => values[Math.floor(random() * values.length)]!)),
  ).sort();
  return [percentile(means, 2.5), percentile(means, 97.5)];
}
