import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextRepeat, relativeHalfWidth, studentT975 } from "../../../src/load/strategy/repeat-until.ts";

const PLAN = { target: 0.03, least: 3, most: 6 };

test.each([
  [1, 12.706],
  [2, 4.303],
  [10, 2.228],
  [11, 2.201],
  [12, 2.179],
  [20, 2.086],
  [30, 2.042],
  [120, 1.98],
])("Student's t with %d degrees of freedom is %d, as the tables have it", (freedom, t) =>
  expect(studentT975(freedom)).toBeCloseTo(t, 3),
);

test("the interval's half-width is relative to the mean", () =>
  // Mean 10, deviation 1, so 4.303 × 1 ÷ √3 ÷ 10.
  expect(relativeHalfWidth([9, 10, 11])).toBeCloseTo(0.24842, 4));

describe("another repeat", () => {
  test("is taken until the interval is within the target", () => {
    expect(nextRepeat([9, 10, 11], PLAN)).toBe("continue");
    expect(nextRepeat([9.9, 10, 10.1], PLAN)).toBe("enough");
  });

  test("is taken while there are fewer than the least, however equal they are", () => {
    expect(nextRepeat([], PLAN)).toBe("continue");
    expect(nextRepeat([10, 10], PLAN)).toBe("continue");
    expect(nextRepeat([10], { ...PLAN, least: 1 })).toBe("continue");
    expect(nextRepeat([10, 10, 10], PLAN)).toBe("enough");
  });

  test("is not taken beyond the most", () => {
    expect(nextRepeat([1, 9, 1, 9, 1, 9], PLAN)).toBe("capped");
    expect(nextRepeat([10], { ...PLAN, most: 1 })).toBe("capped");
  });

  test("is judged by the size of the mean, whatever its sign", () => {
    expect(nextRepeat([-9.9, -10, -10.1], PLAN)).toBe("enough");
    expect(nextRepeat([-1, 0, 1], PLAN)).toBe("continue");
  });
});

test("a constant factor changes no decision", () => {
  const values = fc.array(fc.double({ min: 1, max: 100, noNaN: true }), { minLength: 3, maxLength: 6 });
  fc.assert(
    fc.property(values, (sample) => {
      expect(relativeHalfWidth(sample.map((value) => value * 1000))).toBeCloseTo(relativeHalfWidth(sample), 8);
    }),
  );
});
