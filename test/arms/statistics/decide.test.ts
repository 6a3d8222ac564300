import { expect, test } from "vitest";
import { blockRatio } from "../../../src/arms/statistics/block-ratio.ts";
import { goingOn } from "../../../src/arms/statistics/boundary.ts";
import { type Decision, decide } from "../../../src/arms/statistics/decide.ts";
import type { PairBlock } from "../../../src/arms/statistics/pair-block.ts";
import { seededRandom } from "../../../src/workload/random.ts";
import { type Disturbance, MACHINES, virtualBlocks } from "../../support/virtual-pair.ts";

const MOST = 20;
const DESIGN = { budgets: goingOn([], 0, MOST), margin: 0.02 };
const COMPARISONS = 1500;

/** As a live comparison does it: one block more until it is decided. */
function compare(ratio: number, machine: Disturbance, seed: number, noise = 0.02): Decision {
  const blocks: PairBlock[] = [];
  for (const block of virtualBlocks(ratio, machine(seededRandom(seed, 3), noise))) {
    blocks.push(block);
    const decision = decide(blocks, DESIGN);
    if (decision.verdict !== "undecided" || blocks.length === MOST) return decision;
  }
  throw new Error("unreachable: blocks never end");
}

const many = (ratio: number, machine: Disturbance, noise?: number) =>
  Array.from({ length: COMPARISONS }, (_, seed) => compare(ratio, machine, seed, noise));
const shareOf = (decisions: readonly Decision[], holds: (one: Decision) => boolean) =>
  decisions.filter(holds).length / decisions.length;
const isDifference = ({ verdict }: Decision) => verdict === "higher" || verdict === "lower";

test.each(Object.keys(MACHINES) as (keyof typeof MACHINES)[])(
  "on a %s machine the base beside itself is told apart in about 1 % at most, and the interval keeps its word",
  (machine) => {
    const decisions = many(1, MACHINES[machine]);
    // 1 % of 1,500 and two standard errors; `npm run bench:arms` has the larger numbers.
    expect(shareOf(decisions, isDifference)).toBeLessThanOrEqual(0.015);
    expect(shareOf(decisions, ({ low, high }) => low <= 1 && 1 <= high)).toBeGreaterThanOrEqual(0.95);
  },
);

test("a loss of 5 % at a noise of 2 % is found within 8 blocks", () => {
  const decisions = many(0.95, MACHINES.steady);
  expect(shareOf(decisions, ({ verdict, blocks }) => verdict === "lower" && blocks <= 8)).toBeGreaterThanOrEqual(0.95);
});

test("a gain of 2 % at a noise of 2 % is found within 20 blocks, seldom taken for equal and never for a loss", () => {
  const decisions = many(1.02, MACHINES.steady);
  expect(shareOf(decisions, ({ verdict }) => verdict === "higher")).toBeGreaterThanOrEqual(0.85);
  expect(shareOf(decisions, ({ verdict }) => verdict === "same")).toBeLessThanOrEqual(0.041);
  expect(shareOf(decisions, ({ verdict }) => verdict === "lower")).toBe(0);
  expect(shareOf(decisions, ({ low, high }) => low <= 1.02 && 1.02 <= high)).toBeGreaterThanOrEqual(0.95);
});

test("equal builds on a calm machine are called equal, and sooner than on a noisy one", () => {
  const calm = many(1, MACHINES.steady, 0.005);
  expect(shareOf(calm, ({ verdict }) => verdict === "same")).toBeGreaterThanOrEqual(0.98);
  const blocksOf = (decisions: Decision[]) => decisions.reduce((total, { blocks }) => total + blocks, 0);
  expect(blocksOf(calm)).toBeLessThan(blocksOf(many(1, MACHINES.steady)) / 2);
});

test("the base beside itself is told apart in 1 % at most also where what was undecided goes on with a larger budget", () => {
  const MORE = { ...DESIGN, budgets: goingOn(goingOn([], 0, 6), 6, MOST) };
  const decisions = Array.from({ length: COMPARISONS }, (_, seed) => {
    const blocks: PairBlock[] = [];
    for (const block of virtualBlocks(1, MACHINES.steady(seededRandom(seed, 3), 0.02))) {
      blocks.push(block);
      const decision = decide(blocks, MORE);
      if (decision.verdict !== "undecided" || blocks.length === MOST) return decision;
    }
    throw new Error("unreachable: blocks never end");
  });
  expect(shareOf(decisions, isDifference)).toBeLessThanOrEqual(0.01);
});

const block = (base: [number, number], arm: [number, number]): PairBlock => ({
  base: [
    { at: 0, value: base[0] },
    { at: 3, value: base[1] },
  ],
  arm: [
    { at: 1, value: arm[0] },
    { at: 2, value: arm[1] },
  ],
});

test("a steady drift changes neither the ratio of a block nor what it says of the noise", () => {
  const drifted = (at: number) => 100 * Math.exp(0.01 * at);
  const { logRatio, variance } = blockRatio(block([drifted(0), drifted(3)], [1.1 * drifted(1), 1.1 * drifted(2)]));
  expect(Math.exp(logRatio)).toBeCloseTo(1.1, 12);
  expect(variance).toBeCloseTo(0, 20);
});

test("one block tells a ratio and nothing of how sure it is", () => {
  expect(decide([block([100, 100], [110, 110])], DESIGN)).toEqual({
    verdict: "undecided",
    ratio: expect.closeTo(1.1, 12),
    low: 0,
    high: Number.POSITIVE_INFINITY,
    blocks: 1,
  });
});

test("numbers without any noise decide at the first look", () => {
  const same = [block([100, 100], [100, 100]), block([100, 100], [100, 100])];
  expect(decide(same, DESIGN)).toMatchObject({ verdict: "same", ratio: 1, low: 1, high: 1 });
  const half = [block([100, 100], [50, 50]), block([100, 100], [50, 50])];
  expect(decide(half, DESIGN).verdict).toBe("lower");
});

test("a decision stands, whatever comes after it", () => {
  const clear = Array.from({ length: 4 }, (_, i) => block([100 + i / 10, 100], [120, 120 + i / 10]));
  expect(decide(clear, DESIGN).verdict).toBe("higher");
  const odd = [...clear, block([100, 100], [20, 200]), block([100, 100], [30, 90])];
  expect(decide(odd, DESIGN)).toMatchObject({ verdict: "higher", blocks: 6 });
});

test("blocks that contradict each other by far more than what is within them are taken at their own word", () => {
  const blocks = [1.1, 0.9, 1.1, 0.9].map((ratio) => block([100, 100.1], [100 * ratio, 100.1 * ratio]));
  const { low, high, verdict } = decide(blocks, DESIGN);
  expect(verdict).toBe("undecided");
  expect(low).toBeLessThan(0.85);
  expect(high).toBeGreaterThan(1.15);
});
