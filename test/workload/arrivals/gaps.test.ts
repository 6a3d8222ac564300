import { expect, test } from "vitest";
import { gapSource } from "../../../src/workload/arrivals/gaps.ts";
import { seededRandom } from "../../../src/workload/random.ts";

test.each([0.25, 0.5, 1, 4, Number.POSITIVE_INFINITY])("gaps of burstiness %d have a mean of 1", (burstiness) => {
  const next = gapSource(burstiness, seededRandom(1, 0));
  const gaps = Array.from({ length: 40_000 }, next);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  expect(Math.abs(mean - 1)).toBeLessThan(0.05);
});
