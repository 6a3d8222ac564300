import fc from "fast-check";
import { expect, test } from "vitest";
import { wilsonInterval } from "../../../src/accuracy/statistics/proportion.ts";

test("the interval is that of published tables", () => {
  // R. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, table I.
  expect(wilsonInterval(81, 263)).toEqual([expect.closeTo(0.2553, 4), expect.closeTo(0.3662, 4)]);
  expect(wilsonInterval(15, 148)).toEqual([expect.closeTo(0.0624, 4), expect.closeTo(0.1605, 4)]);
});

test("none and all of a few leave room on the other side only", () => {
  expect(wilsonInterval(0, 20)).toEqual([0, expect.closeTo(0.1611, 4)]);
  expect(wilsonInterval(20, 20)).toEqual([expect.closeTo(0.8389, 4), 1]);
});

test("it holds the share, stays within 0 and 1, and is the same from both ends", () => {
  const counts = fc
    .integer({ min: 1, max: 5000 })
    .chain((total) => fc.record({ total: fc.constant(total), hits: fc.integer({ min: 0, max: total }) }));
  fc.assert(
    fc.property(counts, ({ hits, total }) => {
      const [low, high] = wilsonInterval(hits, total);
      const [otherLow, otherHigh] = wilsonInterval(total - hits, total);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(hits / total);
      expect(high).toBeGreaterThanOrEqual(hits / total);
      expect(low).toBeCloseTo(1 - otherHigh, 12);
      expect(high).toBeCloseTo(1 - otherLow, 12);
    }),
  );
});
