import { expect, test } from "vitest";
import { exactMcNemar } from "../../../src/accuracy/statistics/mcnemar.ts";

test("the probability is that of a fair coin", () => {
  expect(exactMcNemar(10, 0)).toBeCloseTo(2 / 2 ** 10, 15);
  expect(exactMcNemar(0, 6)).toBeCloseTo(2 / 2 ** 6, 15);
  // In whole numbers: 2 × (the sum of the first six binomial coefficients of 20) ÷ 2^20.
  expect(exactMcNemar(5, 15)).toBeCloseTo(0.0413895, 7);
});

test("nothing changed, or as many each way, is nothing to wonder at", () => {
  expect(exactMcNemar(0, 0)).toBe(1);
  expect(exactMcNemar(7, 7)).toBe(1);
  expect(exactMcNemar(1, 0)).toBe(1);
});

test("both sides are alike, and thousands of changes are no trouble", () => {
  expect(exactMcNemar(3, 11)).toBe(exactMcNemar(11, 3));
  expect(exactMcNemar(10_000, 10_000)).toBe(1);
  // By exact fractions.
  expect(exactMcNemar(9800, 10_200)).toBeCloseTo(0.0047808894558, 12);
});
