import { expect, test } from "vitest";
import { ratioOf } from "../../../src/arms/history/ratio.ts";
import type { RunNumber } from "../../../src/verdict/level.ts";
import { normalNumber, seededRandom } from "../../../src/workload/random.ts";

const NIGHTS = 24;
const random = seededRandom(11, 4);
const series = (noise: number, factor = (_night: number) => 1): RunNumber[] =>
  Array.from({ length: NIGHTS }, (_, night) => ({
    run: String(night),
    at: night,
    value: factor(night) * Math.exp(noise * normalNumber(random)),
  }));

/** The last night beside the one before the last change, a night each. */
const compared = (numbers: RunNumber[]) =>
  ratioOf({ numbers, a: [numbers.at(-2)!], b: [numbers.at(-1)!], repeats: [[], []], margin: 0.02 });
const SERIES = 2000;
const ends = (make: () => RunNumber[]) => Array.from({ length: SERIES }, () => compared(make()));
const share = (all: ReturnType<typeof compared>[], holds: (one: ReturnType<typeof compared>) => boolean) =>
  all.filter(holds).length / SERIES;

test("equal nights are told apart in about 1 %, and the interval holds the truth in 95 %", () => {
  const all = ends(() => series(0.02));
  expect(share(all, ({ difference }) => difference === "higher" || difference === "lower")).toBeLessThanOrEqual(0.016);
  expect(share(all, ({ low, high }) => low! <= 1 && 1 <= high!)).toBeGreaterThanOrEqual(0.935);
});

test("a step of long ago makes the interval wider, and no difference of what is equal", () => {
  const all = ends(() => series(0.02, (night) => (night < 12 ? 1 : 1.1)));
  expect(share(all, ({ difference }) => difference !== "undecided" && difference !== "same")).toBeLessThanOrEqual(
    0.016,
  );
  expect(share(all, ({ low, high }) => low! <= 1 && 1 <= high!)).toBeGreaterThanOrEqual(0.95);
});

test("a step of ten times the noise between the two is found", () => {
  const all = ends(() => series(0.01, (night) => (night < NIGHTS - 1 ? 1 : 1.1)));
  expect(share(all, ({ difference }) => difference === "higher")).toBeGreaterThanOrEqual(0.99);
});

test("a number of 0 has no ratio", () => {
  const numbers = series(0.01).map((one, night) => (night === NIGHTS - 1 ? { ...one, value: 0 } : one));
  expect(compared(numbers)).toEqual({ difference: "undecided", detail: "a number of 0 has no ratio" });
});
