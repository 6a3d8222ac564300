import { expect, test } from "vitest";
import { noteFor, statisticText } from "../../../src/report/text/statistic-text.ts";

test.each([
  ["p90", 28, 1, "≈2.00"],
  ["p90", 29, 1, "2.00"],
  ["p90", 86, 3, "≈2.00"],
  ["p90", 87, 3, "2.00"],
  ["p50", 4, 1, "≈2.00"],
  ["mean", 1, 1, "2.00"],
  ["std", 1, 1, "2.00"],
  ["p99", undefined, 1, "2.00"],
] as const)("%s of %s samples in %d repeats reads %s", (statistic, count, repeats, text) => {
  const distribution = { [statistic]: 2, ...(count === undefined ? {} : { count }) };
  expect(statisticText("ttft_ms", statistic, distribution, repeats)).toBe(text);
});

test("a count is a whole number, and what was not measured a dash", () => {
  expect(statisticText("ttft_ms", "count", { count: 1234 })).toBe("1,234");
  expect(statisticText("ttft_ms", "p50", { mean: 2 })).toBe("–");
  expect(statisticText("ttft_ms", "p50", undefined)).toBe("–");
});

test("the mark is explained where one of the texts has it", () => {
  expect(noteFor(["2.00", "≈2.00"]).note).toContain("p90 takes 29, p99 299 and p99.9 2,995");
  expect(noteFor(["2.00", "–"])).toEqual({});
});
