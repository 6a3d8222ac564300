import { expect, test } from "vitest";
import { samplesNeeded } from "../../../src/result/metrics/distribution.ts";

test.each([
  [50, 5],
  [75, 11],
  [25, 11],
  [90, 29],
  [10, 29],
  [95, 59],
  [99, 299],
  [99.9, 2995],
])("p%d needs %d samples", (percent, count) => expect(samplesNeeded(percent)).toBe(count));
