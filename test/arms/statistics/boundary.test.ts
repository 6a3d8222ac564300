import { describe, expect, test } from "vitest";
import { FIRST_LOOK, goingOn, nominalLevels } from "../../../src/arms/statistics/boundary.ts";
import { bisect, normalTail } from "../../../src/statistics/student.ts";
import { normalNumber, seededRandom } from "../../../src/workload/random.ts";

const once = (maxBlocks: number) => goingOn([], 0, maxBlocks);
/** Nine tenths of the error are for the first budget. */
const FIRST = 0.9;

test("a test with one look has the whole error of its budget at it", () => {
  const levels = nominalLevels(once(FIRST_LOOK), 0.05 / FIRST, 1);
  expect([...levels.keys()]).toEqual([FIRST_LOOK]);
  expect(levels.get(FIRST_LOOK)).toBeCloseTo(0.05, 5);
});

test("two looks, the first after two thirds of the numbers, have the levels of a normal distribution in two dimensions", () => {
  const levels = nominalLevels(once(3), 0.05 / FIRST, 1);
  expect(levels.get(2)).toBeCloseTo(0.05 * (2 / 3), 6);
  // scipy 1.17.1: multivariate_normal with correlation √(2/3), the second limit by brentq.
  expect(levels.get(3)).toBeCloseTo(0.030268, 4);
});

test("numbers of known spread cross the levels of twenty looks as often as was asked", () => {
  const levels = nominalLevels(once(20), 0.05 / FIRST, 1);
  expect(crossings(levels, 20, 20_000)).toBeCloseTo(0.05, 2);
});

describe("a comparison that goes on with another budget", () => {
  test("keeps the levels of the looks that were", () => {
    const before = nominalLevels(once(6), 0.05, 1);
    const after = nominalLevels(goingOn(once(6), 6, 20), 0.05, 1);
    for (const [block, level] of before) expect(after.get(block)).toBe(level);
    expect(after.size).toBe(19);
  });

  test.each([
    ["raised at its end", [[6, 20]]],
    [
      "raised again and again",
      [
        [6, 12],
        [12, 20],
        [20, 40],
      ],
    ],
    [
      "lowered and raised in the middle",
      [
        [4, 5],
        [5, 20],
      ],
    ],
  ] as const)("errs in all as often as was asked at most, when it is %s", (_, calls) => {
    const budgets = calls.reduce((known, [blocks, most]) => goingOn(known, blocks, most), once(6));
    const [, most] = calls.at(-1)!;
    const share = crossings(nominalLevels(budgets, 0.05, 1), most, 20_000);
    expect(share).toBeLessThan(0.052);
    expect(share).toBeGreaterThan(0.045);
  });

  test("begins anew where nothing was looked at yet, and changes nothing with the same budget or fewer blocks than there are", () => {
    expect(goingOn(once(6), 1, 20)).toEqual(once(20));
    expect(goingOn(once(6), 4, 6)).toEqual(once(6));
    expect(goingOn(once(6), 4, 4)).toEqual(once(6));
  });
});

/** Share of walks without a drift that cross at any look. */
function crossings(levels: Map<number, number>, blocks: number, walks: number): number {
  const random = seededRandom(7, 1);
  const zOf = (level: number) => bisect(0, 9, (z) => 2 * normalTail(z) > level);
  const limits = Array.from({ length: blocks + 1 }, (_, block) => {
    const level = levels.get(block);
    return level === undefined ? Number.POSITIVE_INFINITY : zOf(level) * Math.sqrt(block);
  });
  const crosses = () => {
    let sum = 0;
    return limits.slice(1).some((limit) => {
      sum += normalNumber(random);
      return Math.abs(sum) > limit;
    });
  };
  return Array.from({ length: walks }, crosses).filter(Boolean).length / walks;
}
