import { describe, expect, test } from "vitest";
import { AttemptProgress, attemptsPlanned } from "../../src/load/cell-progress.ts";
import type { ServingLoad } from "../../src/load/client/serving-client.ts";
import type { LiveCounts } from "../../src/load/run/load-threads.ts";

const LOAD: ServingLoad = {
  endpoint: "completions",
  load: { kind: "closed-loop", concurrency: 4 },
  bound: { kind: "requests", count: 100 },
  prompts: { kind: "random", inputLen: 5, outputLen: 3, rangeRatio: 0, sharedPrefix: 0 },
  temperature: 0,
  continuousUsage: false,
  seed: 1,
  warmupRequests: 0,
  requestTimeoutSeconds: 60,
};
const NOTHING: LiveCounts = {
  settled: 0,
  failed: 0,
  open: 0,
  tokens: 0,
  ttftSum: 0,
  ttftCount: 0,
  itlSum: 0,
  itlCount: 0,
};
const progressOf = (bound: ServingLoad["bound"]) => new AttemptProgress({ ...LOAD, bound }, 1000);

describe("a number of requests", () => {
  test("starts without guesses", () => {
    const progress = progressOf({ kind: "requests", count: 100 });
    expect(progress.read({ ...NOTHING, open: 4 }, 1000)).toEqual({ share: 0, note: "0/100 requests, 4 in flight" });
  });

  test("says rate, rolling latencies and the time left", () => {
    const progress = progressOf({ kind: "requests", count: 100 });
    progress.read(NOTHING, 1000);
    const live = { ...NOTHING, settled: 25, open: 4, ttftSum: 500, ttftCount: 25, itlSum: 330, itlCount: 60 };
    expect(progress.read(live, 3000)).toEqual({
      share: 0.25,
      note: "25/100 requests, 4 in flight, 12.5 req/s, TTFT 20.0 ms, ITL 5.5 ms, 6 s left",
    });
  });

  test("says how many failed, and no latency that nobody has", () => {
    const progress = progressOf({ kind: "requests", count: 100 });
    progress.read(NOTHING, 1000);
    const { note } = progress.read({ ...NOTHING, settled: 10, failed: 10 }, 1500);
    expect(note).toBe("10/100 requests, 0 in flight, 10 failed, 20.0 req/s");
  });
});

test("a time is done by the clock, and never more than done", () => {
  const progress = progressOf({ kind: "seconds", seconds: 30 });
  expect(progress.read({ ...NOTHING, settled: 7, open: 4 }, 11_000)).toEqual({
    share: 1 / 3,
    note: "7 requests, 4 in flight, 20 s left",
  });
  expect(progress.read({ ...NOTHING, settled: 9 }, 60_000).share).toBe(1);
});

test("rates are those of the last seconds", () => {
  const progress = progressOf({ kind: "requests", count: 100 });
  progress.read(NOTHING, 1000);
  progress.read({ ...NOTHING, settled: 50 }, 20_000);
  expect(progress.read({ ...NOTHING, settled: 60, ttftSum: 10, ttftCount: 1 }, 22_000).note).toContain(
    "5.0 req/s, TTFT 10.0 ms",
  );
});

test("a measurement of a cell that may end with any of them says no time that is left", () => {
  const progress = new AttemptProgress(LOAD, 1000, true);
  expect(progress.read({ ...NOTHING, settled: 25 }, 3000).note).not.toContain("left");
});

test("a cell takes as many measurements as its strategy says, or any number up to its most", () => {
  const plan = { target: 0.03, least: 3, most: 10 };
  const search = { integers: false, start: 1, min: 1, max: 2, tolerance: 0.1, mostProbes: 9 };
  const loadAt = () => LOAD;
  expect([
    attemptsPlanned({ kind: "once" }),
    attemptsPlanned({ kind: "repeat", times: 5 }),
    attemptsPlanned({ kind: "until-ci", plan, metric: "e2el_ms" }),
    attemptsPlanned({ kind: "find", find: "max-rate", plan: search, objectives: [], loadAt }),
  ]).toEqual([
    { most: 1, isOpen: false },
    { most: 5, isOpen: false },
    { most: 10, isOpen: true },
    { most: 9, isOpen: true },
  ]);
});
