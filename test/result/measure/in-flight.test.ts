import fc from "fast-check";
import { expect, test } from "vitest";
import { meanInFlight, mostAtOnce, type Span, whenReached } from "../../../src/result/measure/in-flight.ts";

const spans = fc.array(fc.record({ from: fc.integer({ min: 0, max: 30 }), length: fc.integer({ min: 0, max: 10 }) }), {
  maxLength: 12,
});
const spansOf = (drawn: { from: number; length: number }[]): Span[] =>
  drawn.map(({ from, length }) => ({ from, to: from + length }));
/** Counted the plain way, at a moment. */
const countAt = (all: readonly Span[], at: number) => all.filter(({ from, to }) => from <= at && at < to).length;
const moments = Array.from({ length: 41 }, (_, at) => at);

test("the most at once, and when a number is first reached, are what counting at every moment gives", () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 1, max: 6 }), (drawn, target) => {
      const all = spansOf(drawn);
      const counts = moments.map((at) => countAt(all, at));
      const first = counts.findIndex((count) => count >= target);
      expect(mostAtOnce(all)).toBe(Math.max(...counts));
      expect(whenReached(all, target)).toBe(first === -1 ? undefined : first);
    }),
  );
});

test("so is the mean between two moments", () => {
  fc.assert(
    fc.property(spans, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 20 }), (drawn, from, length) => {
      const all = spansOf(drawn);
      const inside = moments.slice(from, from + length).map((at) => countAt(all, at));
      const mean = inside.reduce((sum, count) => sum + count, 0) / length;
      expect(meanInFlight(all, { from, to: from + length })).toBeCloseTo(mean, 9);
    }),
  );
});
