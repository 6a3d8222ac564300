import { expect, test } from "vitest";
import { serializeRun } from "../../src/database/document.ts";
import { historyRun, pointsOf } from "../bench/database-history.ts";

test("a night with more than 300 series, every digit kept, is a document of less than 60 kB", () => {
  const run = historyRun(1, 1826);
  expect(pointsOf(run)).toBeGreaterThan(300);
  expect(Buffer.byteLength(serializeRun(run))).toBeLessThan(60_000);
});
