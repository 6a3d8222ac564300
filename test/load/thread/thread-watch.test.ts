import { createHistogram } from "node:perf_hooks";
import { expect, test } from "vitest";
import { delayP99Ms } from "../../../src/load/thread/thread-watch.ts";

function delayOf(...intervalsMs: number[]): number {
  const histogram = createHistogram();
  for (const ms of intervalsMs) histogram.record(ms * 1e6);
  return delayP99Ms(histogram);
}

test("a loop is late by what its timer took beyond its period of 10 ms", () => {
  expect(delayOf(10, 10, 35)).toBeCloseTo(25, 1);
  expect(delayOf(...Array(99).fill(12), 500)).toBeCloseTo(2, 1);
});

test("a loop whose timer came early, or never, is not late", () => {
  expect(delayOf(9)).toBe(0);
  expect(delayOf()).toBe(0);
});
