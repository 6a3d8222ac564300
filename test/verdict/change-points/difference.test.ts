import { expect, test } from "vitest";
import { differenceAt, magnitude } from "../../../src/verdict/change-points/difference.ts";

test("two levels are held against each other by Student's test, with the deviations that Otava gives it", () => {
  // scipy 1.17.1: ttest_ind_from_stats(2, 0.816496580927726, 3, 5, 0.816496580927726, 3)
  expect(differenceAt([1, 2, 3, 4, 5, 6], [0, 3, 6]).pValue).toBeCloseTo(0.010822550462608249, 12);
});

test("levels without spread differ for certain, or not at all", () => {
  expect(differenceAt([1, 1, 2, 2], [0, 2, 4]).pValue).toBe(0);
  expect(differenceAt([1, 1, 1, 1], [0, 2, 4]).pValue).toBe(1);
  expect(differenceAt([1, 2], [0, 1, 2]).pValue).toBe(1);
});

test("a halving is as great as a doubling; from or to nothing there is no percentage", () => {
  expect(magnitude(differenceAt([2, 2, 1, 1], [0, 2, 4]))).toBe(1);
  expect(magnitude(differenceAt([1, 1, 2, 2], [0, 2, 4]))).toBe(1);
  expect(magnitude(differenceAt([0, 0, 2, 2], [0, 2, 4]))).toBe(1);
});
