import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { atK, meanOverTasks, optAtK } from "../../../../src/arms/commits/scores/opt-at-k.ts";

/** All ways of drawing k of n, counted. */
function byCounting(outcomes: readonly boolean[], k: number): number {
  let all = 0;
  let good = 0;
  for (let set = 0; set < 2 ** outcomes.length; set += 1) {
    const drawn = outcomes.filter((_, index) => (set >> index) & 1);
    if (drawn.length !== k) continue;
    all += 1;
    if (drawn.some(Boolean)) good += 1;
  }
  return good / all;
}

describe("the best of k attempts", () => {
  test("succeeds as often as in all ways of drawing them", () => {
    const outcomes = fc.array(fc.boolean(), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(outcomes, fc.nat(9), (all, rest) => {
        const k = 1 + (rest % all.length);
        const tries = { tried: all.length, succeeded: all.filter(Boolean).length };
        expect(atK(tries, k)).toBeCloseTo(byCounting(all, k), 10);
      }),
    );
  });

  test("is known of no more than there are", () => {
    expect(() => atK({ tried: 2, succeeded: 1 }, 3)).toThrow("the best of 3 cannot be told from 2 attempts");
  });

  test("of many does not overflow", () => {
    expect(atK({ tried: 5000, succeeded: 1 }, 2500)).toBeCloseTo(0.5, 10);
  });
});

describe("a mean over tasks", () => {
  test("has an interval, which is the same each time", () => {
    const scores = [1, 0, 1, 1, 0, 0, 1, 0.5];
    const estimate = meanOverTasks(scores)!;
    expect(estimate).toMatchObject({ value: 0.5625, tasks: 8 });
    expect(estimate.low).toBeGreaterThan(0.1);
    expect(estimate.high).toBeLessThan(0.95);
    expect(meanOverTasks(scores)).toEqual(estimate);
  });

  test("of no tasks is none", () => {
    expect(meanOverTasks([])).toBeUndefined();
  });

  test("leaves out those with fewer attempts than k", () => {
    const tasks = [
      { tried: 2, succeeded: 1 },
      { tried: 1, succeeded: 0 },
    ];
    expect(optAtK(tasks, 1)).toMatchObject({ value: 0.25, tasks: 2 });
    expect(optAtK(tasks, 2)).toMatchObject({ value: 1, tasks: 1 });
    expect(optAtK(tasks, 3)).toBeUndefined();
  });
});
