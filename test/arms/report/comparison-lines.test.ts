import { expect, test } from "vitest";
import { comparisonFinding, comparisonLines } from "../../../src/arms/report/comparison-lines.ts";
import { liveComparison } from "../../support/arm-records.ts";

test("no more lines than are asked for, those that matter most first", () => {
  const lines = comparisonLines(liveComparison.comparisons, 2);
  expect(lines.map((line) => line.split(":", 1)[0])).toEqual([
    "broken could not be compared",
    "fast wins",
    "… and 1 more",
  ]);
});

test("of an engine's long error a line says the beginning", () => {
  const [, failed] = liveComparison.comparisons;
  const [line] = comparisonLines([{ ...failed!, detail: `${"x".repeat(500)}\nsecond line` }], 1);
  expect(line).toMatch(/: x{160}$/);
});

test("a comparison that was cancelled says so in its title", () => {
  expect(comparisonFinding({ ...liveComparison, end: "cancelled" }).title).toBe(
    "comparison: cancelled, 1 arm_failed, 1 wins, 1 ties",
  );
});
