import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { changePoints, OTAVA } from "../../../src/verdict/change-points/change-points.ts";
import type { Scan } from "../../../src/verdict/change-points/scan.ts";

const fixture = (name: string) => JSON.parse(readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), "utf8"));

const indexes = (values: readonly number[], options: Partial<typeof OTAVA> = {}) =>
  changePoints(values, { ...OTAVA, ...options }).points.map(({ index }) => index);

interface Expected {
  window_len: number;
  max_pvalue: number;
  min_magnitude: number;
  change_points: number[];
}
const { series: TIGERBEETLE, expected }: { series: number[]; expected: Expected[] } = fixture(
  "changepoint/otava_tigerbeetle.json",
);

describe("where Apache Otava finds a change", () => {
  test.each(expected)(
    "TigerBeetle's history: window $window_len, p $max_pvalue, magnitude $min_magnitude",
    ({ window_len, max_pvalue, min_magnitude, change_points }) =>
      expect(indexes(TIGERBEETLE, { window: window_len, pValue: max_pvalue, minMagnitude: min_magnitude })).toEqual(
        change_points,
      ),
  );

  test.each(["amdgpu", "arrow_udf", "maxtext", "metal", "mongodb", "tigerbeetle"])("every series of %s", (name) => {
    const series = Object.entries<{ values: number[]; changePoints: number[] }>(
      fixture(`histories/${name}.json`).series,
    );
    expect(Object.fromEntries(series.map(([key, { values }]) => [key, indexes(values)]))).toEqual(
      Object.fromEntries(series.map(([key, { changePoints }]) => [key, changePoints])),
    );
  });

  test("its own examples", () => {
    const halved = [1.02, 0.95, 0.99, 1, 1.12, 0.9, 0.5, 0.51, 0.48, 0.48, 0.55];
    expect(indexes(halved, { window: 30, pValue: 0.001, minMagnitude: 0.2 })).toEqual([6]);
  });
});

test("a series that grows is not read anew, and has the same change points", () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 90, max: 110 }), fc.integer({ min: 1, max: 40 })), {
    maxLength: 6,
  });
  const noise = fc.integer({ min: 0, max: 6 });
  fc.assert(
    fc.property(steps, noise, fc.integer({ min: 2, max: 30 }), (levels, wobble, window) => {
      const values = levels.flatMap(([level, length]) =>
        Array.from({ length }, (_, at) => level + ((at * 7919) % (wobble + 1))),
      );
      const options = { ...OTAVA, window, pValue: 0.01 };
      let settled: Scan | undefined;
      for (let length = 1; length <= values.length; length += 5) {
        ({ settled } = changePoints(values.slice(0, length), options, settled));
      }
      expect(changePoints(values, options, settled).points).toEqual(changePoints(values, options).points);
    }),
    { numRuns: 60 },
  );
});

test("what was settled of a long series leaves less than two windows to look at", () => {
  const { settled } = changePoints(TIGERBEETLE);
  expect(settled.start).toBeGreaterThan(TIGERBEETLE.length - 2 * OTAVA.window);
});

describe("a change point", () => {
  const values = [10, 10.1, 9.9, 10, 10.1, 9.9, 12, 12.1, 11.9, 12, 12.1, 11.9];

  test("has both levels, with as many numbers as they hold", () => {
    const [point] = changePoints(values).points;
    expect(point).toMatchObject({ index: 6, before: { count: 6 }, after: { count: 6 } });
    expect(point!.before.mean).toBeCloseTo(10, 12);
    expect(point!.after.mean).toBeCloseTo(12, 12);
  });

  test("is none where it is not greater than the smallest change, forwards or backwards", () => {
    expect(indexes(values, { minMagnitude: 0.19 })).toEqual([6]);
    expect(indexes(values, { minMagnitude: 0.21 })).toEqual([]);
  });

  test("is at the same place when numbers are scaled or turned", () => {
    expect(indexes(values.map((value) => value * 1e6))).toEqual([6]);
    expect(indexes(values.map((value) => -value))).toEqual([6]);
  });

  test("is none beside a level that is too short: an outlier goes, and hides no change near it", () => {
    const options = { window: 30, pValue: 0.1, minMagnitude: 0.05 };
    expect(indexes(TIGERBEETLE.slice(0, 60), options)).toEqual([10, 11, 15]);
    expect(indexes(TIGERBEETLE.slice(0, 60), { ...options, minSegment: 3 })).toEqual([15]);
  });

  test("stays where a level is too short between two that differ, at the more certain side", () => {
    const stairs = [...values.slice(0, 6), 11, 11.1, ...values.slice(6)];
    expect(indexes(stairs)).toEqual([6, 8]);
    expect(indexes(stairs, { minSegment: 3 })).toHaveLength(1);
  });

  test.each([[[]], [[1]], [[1, 2]], [[5, 5, 5, 5, 5, 5]]])("is none in %j", (numbers) =>
    expect(indexes(numbers)).toEqual([]),
  );
});
