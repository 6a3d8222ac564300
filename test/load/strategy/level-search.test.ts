import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkPlan,
  nextStep,
  type SearchPlan,
  type SearchStep,
  type Tried,
} from "../../../src/load/strategy/level-search.ts";

const RATES: SearchPlan = { integers: false, start: 1, min: 0.01, max: 10_000, tolerance: 0.05, mostProbes: 99 };
const CONCURRENCY: SearchPlan = { ...RATES, integers: true, min: 1, max: 4096 };

/** Searches against an engine that meets its objectives up to a level and never above. */
function search(plan: SearchPlan, trueLevel: number): { end: SearchStep; tried: Tried[] } {
  const tried: Tried[] = [];
  for (;;) {
    const step = nextStep(plan, tried);
    if (step.kind !== "probe") return { end: step, tried };
    tried.push({ level: step.level, meets: step.level <= trueLevel });
    if (tried.length > 200) throw new Error("the search does not end");
  }
}
const levels = (plan: SearchPlan, trueLevel: number) => search(plan, trueLevel).tried.map(({ level }) => level);

test("levels double until one misses, then the gap is halved in proportion", () => {
  expect(levels(RATES, 5)).toEqual([1, 2, 4, 8, 5.657, 4.757, 5.188, 4.968]);
  expect(search(RATES, 5).end).toEqual({ kind: "found", level: 4.968, because: "tolerance" });
});

test("when the first level misses, levels halve until one meets", () =>
  expect(levels({ ...RATES, start: 12 }, 2.9).slice(0, 5)).toEqual([12, 6, 3, 1.5, 2.121]));

test("a concurrency is a whole number, found to the last one", () => {
  expect(levels({ ...CONCURRENCY, tolerance: 0.001 }, 23)).toEqual([1, 2, 4, 8, 16, 32, 23, 27, 25, 24]);
  expect(search(CONCURRENCY, 1).end).toEqual({ kind: "found", level: 1, because: "tolerance" });
});

describe("a search ends", () => {
  test("at the highest level allowed when that meets", () =>
    expect(search({ ...RATES, max: 10 }, 99).end).toEqual({ kind: "found", level: 10, because: "bound" }));

  test("without a level when the lowest allowed misses", () => {
    expect(search({ ...RATES, start: 4, min: 0.5 }, 0.1)).toEqual({
      end: { kind: "none", because: "bound" },
      tried: [4, 2, 1, 0.5].map((level) => ({ level, meets: false })),
    });
    expect(search({ ...CONCURRENCY, start: 8 }, 0.5).end).toEqual({ kind: "none", because: "bound" });
  });

  test("after as many probes as are allowed, with the best so far or none", () => {
    expect(search({ ...RATES, mostProbes: 3 }, 99).end).toEqual({ kind: "found", level: 4, because: "probes" });
    expect(search({ ...RATES, start: 8, mostProbes: 2 }, 1).end).toEqual({ kind: "none", because: "probes" });
  });

  test("at once between bounds that are one", () =>
    expect(search({ ...RATES, min: 3, max: 3 }, 5)).toMatchObject({ end: { level: 3 }, tried: [{ level: 3 }] }));
});

test("a start outside the bounds is moved into them", () => {
  expect(nextStep({ ...RATES, start: 99, max: 10 }, [])).toEqual({ kind: "probe", level: 10 });
  expect(nextStep({ ...RATES, start: 0.1, min: 2 }, [])).toEqual({ kind: "probe", level: 2 });
});

const octaves = (ratio: number) => Math.ceil(Math.abs(Math.log2(ratio)));

test("the level found is within the tolerance of the true one, after few probes, wherever it starts", () => {
  const cases = fc.record({
    trueLevel: fc.double({ min: 0.02, max: 5000, noNaN: true }),
    start: fc.double({ min: 0.02, max: 5000, noNaN: true }),
    tolerance: fc.double({ min: 0.0001, max: 0.5, noNaN: true }),
  });
  fc.assert(
    fc.property(cases, ({ trueLevel, start, tolerance }) => {
      const { end, tried } = search({ ...RATES, start, tolerance }, trueLevel);
      if (end.kind !== "found") throw new Error(`ended with ${end.kind}`);
      expect(end.level).toBeLessThanOrEqual(trueLevel);
      expect(end.level * (1 + tolerance)).toBeGreaterThan(trueLevel * (1 - 1e-12));
      const bisections = octaves(Math.LN2 / Math.log1p(tolerance));
      expect(tried.length).toBeLessThanOrEqual(octaves(trueLevel / start) + 2 + bisections + 1);
    }),
  );
});

test("so is a concurrency, or it is exact", () => {
  const cases = fc.record({ trueLevel: fc.integer({ min: 1, max: 4095 }), start: fc.integer({ min: 1, max: 4096 }) });
  fc.assert(
    fc.property(cases, ({ trueLevel, start }) => {
      const { end, tried } = search({ ...CONCURRENCY, start }, trueLevel);
      if (end.kind !== "found") throw new Error(`ended with ${end.kind}`);
      expect(end.level).toBeLessThanOrEqual(trueLevel);
      expect(end.level * 1.05 > trueLevel || end.level === trueLevel).toBe(true);
      expect(tried.every(({ level }) => Number.isInteger(level))).toBe(true);
      expect(new Set(tried.map(({ level }) => level)).size).toBe(tried.length);
      expect(tried.length).toBeLessThanOrEqual(octaves(trueLevel / start) + 2 + 6);
    }),
  );
});

test.each<[Partial<SearchPlan>, string]>([
  [{ min: 0 }, "bounds"],
  [{ min: 5, max: 4 }, "bounds"],
  [{ max: Number.POSITIVE_INFINITY }, "bounds"],
  [{ tolerance: 0 }, "tolerance"],
  [{ mostProbes: 0 }, "probes"],
  [{ start: Number.NaN }, "start"],
  [{ integers: true, start: 1.5 }, "whole numbers"],
])("a plan with %j is refused", (changes, message) =>
  expect(() => checkPlan({ ...RATES, ...changes })).toThrow(message),
);
