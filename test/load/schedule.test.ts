import fc from "fast-check";
import { expect, test } from "vitest";
import { seededRandom } from "../../src/load/random.ts";
import { sendTimes } from "../../src/load/schedule.ts";

const counts = fc.integer({ min: 1, max: 500 });
const rates = fc.double({ min: 0.01, max: 1000, noNaN: true });
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });

test("times ascend from above 0 and end at exactly the number of prompts over the rate", () => {
  fc.assert(
    fc.property(counts, rates, seeds, (count, rate, seed) => {
      const times = [...sendTimes(count, rate, seededRandom(seed, 0))];
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(times).toHaveLength(count);
      expect(times[0]).toBeGreaterThan(0);
      expect(times.at(-1)).toBe((count / rate) * 1000);
    }),
  );
});

test("the same seed gives the same times, another seed others", () => {
  const times = (seed: number) => [...sendTimes(50, 10, seededRandom(seed, 0))];
  expect(times(7)).toEqual(times(7));
  expect(times(7)).not.toEqual(times(8));
});

test("gaps are exponential: a share of 1/e is longer than the mean, and their deviation is their mean", () => {
  const times = sendTimes(20_000, 10, seededRandom(3, 0));
  const gaps = [...times].map((time, i) => time - (times[i - 1] ?? 0));
  const longer = gaps.filter((gap) => gap > 100).length / gaps.length;
  const deviation = Math.sqrt(gaps.reduce((sum, gap) => sum + (gap - 100) ** 2, 0) / gaps.length);
  expect(longer).toBeCloseTo(Math.exp(-1), 1);
  expect(deviation / 100).toBeCloseTo(1, 1);
});

test("an infinite rate sends everything at the start", () => {
  expect([...sendTimes(3, Number.POSITIVE_INFINITY, seededRandom(0, 0))]).toEqual([0, 0, 0]);
});
