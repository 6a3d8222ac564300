import { expect, test } from "vitest";
import { density, quantile, weight } from "../../../src/arms/bisect/student.ts";

test.each([
  [0.5, 0],
  [0.75, 0.7407],
  [0.9, 1.5332],
  [0.95, 2.1318],
  [0.975, 2.7764],
  [0.005, -4.6041],
])("the quantile of %d is that of tables", (probability, expected) => {
  expect(quantile(probability)).toBeCloseTo(expected, 4);
});

test("the farther out a number lies the less it counts, and no tail is empty", () => {
  expect([0, 1, 5, 20].map(weight)).toEqual([1.25, 1, 5 / 29, 5 / 404]);
  expect(density(100)).toBeGreaterThan(1e-9);
});
