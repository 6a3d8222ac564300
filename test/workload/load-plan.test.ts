import { expect, test } from "vitest";
import { concurrencyLimit } from "../../src/workload/load-plan.ts";

test("as many requests may be open as a closed loop keeps, or as an open one is limited to", () => {
  const arrivals = { kind: "rate", requestRate: 4, burstiness: 1 } as const;
  expect(concurrencyLimit({ kind: "closed-loop", concurrency: 4 })).toBe(4);
  expect(concurrencyLimit({ kind: "open-loop", arrivals, maxConcurrency: 9 })).toBe(9);
  expect(concurrencyLimit({ kind: "open-loop", arrivals })).toBe(Number.POSITIVE_INFINITY);
});
