import { expect, test } from "vitest";
import { percentile, samplesNeeded, standardDeviation, summarize } from "../../../src/result/metrics/distribution.ts";

test.each([
  [50, 5],
  [75, 11],
  [25, 11],
  [90, 29],
  [10, 29],
  [95, 59],
  [99, 299],
  [99.9, 2995],
])("p%d needs %d samples", (percent, count) => expect(samplesNeeded(percent)).toBe(count));

test.each([
  [0, 10],
  [10, 13],
  [25, 17.5],
  [50, 30],
  [90, 82],
  [99, 98.2],
  [100, 100],
])("p%d of four samples lies between two of them as numpy has it: %d", (percent, value) =>
  expect(percentile([10, 20, 40, 100], percent)).toBeCloseTo(value, 10),
);

test("every percentile of one sample is that sample, and none of no sample", () => {
  expect(percentile([7], 99)).toBe(7);
  expect(() => percentile([], 50)).toThrow(RangeError);
  expect(summarize([])).toBeUndefined();
});

test("the spread is that of the whole population", () => expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBe(2));
