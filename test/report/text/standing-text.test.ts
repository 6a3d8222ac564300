import { expect, test } from "vitest";
import { directionOf, standingText } from "../../../src/report/text/standing-text.ts";
import type { Standing } from "../../../src/verdict/level.ts";

const comparison = { baseline: 10, baselineRuns: 6, band: 0.5, ratio: 0.2 };

test.each<[Standing, string, string | undefined]>([
  [{ kind: "unjudged" }, "nothing to compare with", undefined],
  [
    { kind: "early", ...comparison, baselineRuns: 1 },
    "against 10.00, the median of 1 run; judged from 5 runs on",
    undefined,
  ],
  [{ kind: "steady", ...comparison }, "against 10.00, the median of 6 runs; within ± 0.50", undefined],
  [
    { kind: "suspected", direction: "worse", ...comparison },
    "against 10.00, the median of 6 runs, and beyond ± 0.50 for the first time; one more run confirms it or not",
    "worse",
  ],
  [
    { kind: "changed", direction: "better", since: "20261101T064501Z-00000001", runs: 2, ...comparison },
    "against 10.00, the median of 6 runs, and beyond ± 0.50 for 2 runs, since 20261101T064501Z-00000001",
    "better",
  ],
])("a number that is $kind says what it was held against", (standing, text, direction) => {
  expect(standingText("ttft_ms", standing)).toBe(text);
  expect(directionOf(standing)).toBe(direction);
});
