import { expect, test } from "vitest";
import { FIRST_LOOK, nominalLevels } from "../../../src/arms/statistics/boundary.ts";
import { bisect, normalTail } from "../../../src/arms/statistics/student.ts";
import { normalNumber, seededRandom } from "../../../src/workload/random.ts";

test("a test with one look has the whole error at it", () => {
  const levels = nominalLevels(FIRST_LOOK, 0.05, 1);
  expect([...levels.keys()]).toEqual([FIRST_LOOK]);
  expect(levels.get(FIRST_LOOK)).toBeCloseTo(0.05, 5);
});

test("two looks, the first after two thirds of the numbers, have the levels of a normal distribution in two dimensions", () => {
  const levels = nominalLevels(3, 0.05, 1);
  expect(levels.get(2)).toBeCloseTo(0.05 * (2 / 3), 6);
  // scipy 1.17.1: multivariate_normal with correlation √(2/3), the second limit by brentq.
  expect(levels.get(3)).toBeCloseTo(0.030268, 4);
});

test("numbers of known spread cross the levels of twenty looks as often as was asked", () => {
  const levels = nominalLevels(20, 0.05, 1);
  expect(crossings(levels, 20, 20_000)).toBeCloseTo(0.05, 2);
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
