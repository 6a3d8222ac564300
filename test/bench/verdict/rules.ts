import { median } from "../../../src/result/metrics/distribution.ts";
import { standingOf } from "../../../src/verdict/level.ts";
import { type Said, type SeriesRule, worseIs } from "./said.ts";

/** A state for each number by those before it; an onset is where it becomes another one that is not calm. */
const stateless =
  (judge: (earlier: readonly number[], value: number) => number | undefined): SeriesRule =>
  (better) => {
    const numbers: number[] = [];
    let before: Said["state"] = "calm";
    return (value) => {
      const ratio = judge(numbers, value);
      const state = ratio === undefined ? "calm" : worseIs(better, ratio > 1);
      const isOnset = state !== "calm" && state !== before;
      before = state;
      numbers.push(value);
      return { state, isOnset, since: numbers.length - 1, size: Math.abs((ratio ?? 1) - 1) };
    };
  };

/** github-action-benchmark's rule, whose own limit is 100 % (`200%`). */
export const previousRun = (limit: number): SeriesRule =>
  stateless((earlier, value) => {
    const last = earlier.at(-1);
    return last !== undefined && Math.abs(value / last - 1) > limit ? value / last : undefined;
  });

/** A robust z of the last 20 beyond 5: conbench looks back so, with the mean. */
export const robustZ: SeriesRule = stateless((earlier, value) => {
  if (earlier.length < 5) return undefined;
  const newest = earlier.slice(-20);
  const center = median(newest);
  const deviation = 1.4826 * median(newest.map((one) => Math.abs(one - center)));
  return Math.abs(value - center) > 5 * deviation && deviation > 0 ? value / center : undefined;
});

/** vLLM's night: beyond two deviations of the last seven, and 1 %. */
export const twoSigmaOfSeven: SeriesRule = stateless((earlier, value) => {
  if (earlier.length < 7) return undefined;
  const newest = earlier.slice(-7);
  const mean = newest.reduce((sum, one) => sum + one, 0) / 7;
  const deviation = Math.sqrt(newest.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 6);
  return Math.abs(value - mean) > Math.max(2 * deviation, 0.01 * mean) ? value / mean : undefined;
});

/** What runs and site are judged by today. It looks back 60 numbers here: the whole history would take the square of its length. */
export const today: SeriesRule = (better) => {
  const numbers: { run: string; at: number; value: number }[] = [];
  let before: Said["state"] = "calm";
  return (value) => {
    numbers.push({ run: String(numbers.length), at: numbers.length, value });
    const standing = standingOf(numbers.slice(-60), { better, tolerance: 0.05 });
    const state = standing.kind === "changed" ? standing.direction : "calm";
    const isOnset = state !== "calm" && state !== before;
    before = state;
    const changed = standing.kind === "changed" ? standing : undefined;
    return { state, isOnset, since: Number(changed?.since ?? numbers.length - 1), size: Math.abs(changed?.ratio ?? 0) };
  };
};
