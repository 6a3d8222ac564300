import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RunNumber, type Standing, standingOf } from "../../src/verdict/level.ts";

const latency = { better: "lower", tolerance: 0.05 } as const;
const throughput = { better: "higher", tolerance: 0.05 } as const;
const series = (values: readonly number[]): RunNumber[] => values.map((value, at) => ({ run: `run ${at}`, at, value }));
const quiet = [100, 101, 99, 100, 102, 98, 100, 101];
const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);

/** What is said of each number, in the moment when it comes. */
function told(values: readonly number[], metric: Parameters<typeof standingOf>[1] = latency): string[] {
  return values.map((_, index) => word(standingOf(series(values.slice(0, index + 1)), metric)));
}

function word(standing: Standing): string {
  return "direction" in standing ? `${standing.kind} ${standing.direction}` : standing.kind;
}

test("a first number has nothing to be held against, and with fewer than five before nothing is judged", () => {
  expect(told([100, 150, 100, 150, 100, 100])).toEqual(["unjudged", "early", "early", "early", "early", "steady"]);
});

test("what is within the tolerance, or within the noise of a noisy series, is steady", () => {
  expect(told([...quiet, 104.9]).at(-1)).toBe("steady");
  expect(told([...[80, 120, 90, 110, 100, 85, 115], 135]).at(-1)).toBe("steady");
});

test("the band is four median absolute deviations of the last twenty numbers", () => {
  const noisy = [80, 120, 90, 110, 100, 85, 115];
  expect(standingOf(series([...noisy, 100]), latency)).toMatchObject({ baseline: 100, band: 60 });
  expect([159, 161].map((value) => told([...noisy, value]).at(-1))).toEqual(["steady", "suspected worse"]);
  const long = [...times(10, 50), ...times(5, 100), ...times(25, 100)];
  expect(standingOf(series(long), { ...latency, tolerance: 2 })).toMatchObject({ baseline: 100, baselineRuns: 20 });
});

test("a lone outlier is suspected, then forgotten", () => {
  expect(told([...quiet, 160, 100]).slice(-2)).toEqual(["suspected worse", "steady"]);
  expect(told([...quiet, 160, 40, 100]).slice(-3)).toEqual(["suspected worse", "suspected better", "steady"]);
});

test("a series that turned noisy raises no alarm, and its band grows", () => {
  const restless = Array.from({ length: 6 }, () => [110, 80, 120, 90]).flat();
  const words = told([...quiet, ...restless]);
  expect(words).not.toContain("changed worse");
  expect(words.slice(-8)).toEqual(times(8, "steady"));
});

test("two in a row are a change, which begins with the first of them and has the level before it as its baseline", () => {
  expect(standingOf(series([...quiet, 110, 111]), latency)).toEqual({
    ...{ kind: "changed", direction: "worse", since: "run 8", runs: 2 },
    ...{ baseline: 100, baselineRuns: 8, band: 5, ratio: expect.closeTo(0.11, 10) },
  });
  expect(told([...quiet, 110, 111], throughput).at(-1)).toBe("changed better");
});

test("numbers that got worse are never the level, however many they are, until they come back", () => {
  const ended = told([...quiet, ...times(60, 110), 100]).slice(-2);
  expect(ended).toEqual(["changed worse", "steady"]);
});

test("numbers that got better are the level once there are five, so that falling back is a change for the worse", () => {
  const values = [...quiet, ...times(5, 80), 80, 100, 100];
  expect(told(values).slice(-4)).toEqual(["changed better", "steady", "suspected worse", "changed worse"]);
});

test("from an accepted change on a series begins anew, at the run or at the first one after it", () => {
  const values = [...quiet, ...times(6, 110)];
  expect(word(standingOf(series(values), latency))).toBe("changed worse");
  for (const moment of [8, 7.5]) expect(word(standingOf(series(values), latency, [moment]))).toBe("steady");
  expect(word(standingOf(series(values), latency, [10]))).toBe("early");
  expect(word(standingOf(series([...values, 140, 140]), latency, [8]))).toBe("changed worse");
  expect(word(standingOf(series(values), latency, [99]))).toBe("changed worse");
});

test("a metric that has no better is never said to change, and a baseline of 0 is none", () => {
  expect(told([...quiet, 200, 200], { better: "neither", tolerance: 0.05 }).at(-1)).toBe("steady");
  expect(word(standingOf(series([...times(9, 0), 3]), latency))).toBe("unjudged");
});

const numbers = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 60 });

test("the unit does not matter", () => {
  fc.assert(
    fc.property(numbers, fc.integer({ min: -20, max: 20 }), (values, power) => {
      // A power of two scales without rounding.
      expect(told(values.map((value) => value * 2 ** power))).toEqual(told(values));
    }),
    { numRuns: 50 },
  );
});

test("what is worse for a latency is better for a throughput", () => {
  const mirrored = { better: "worse", worse: "better" } as const;
  fc.assert(
    fc.property(numbers, (values) => {
      const first = standingOf(series(values.slice(0, 8)), latency);
      const second = standingOf(series(values.slice(0, 8)), throughput);
      if (!("direction" in first)) expect(second.kind).toBe(first.kind);
      else expect(second).toEqual({ ...first, direction: mirrored[first.direction] });
    }),
    { numRuns: 50 },
  );
});

describe("TigerBeetle's throughput over 365 commits", () => {
  const { series: values } = JSON.parse(
    readFileSync(new URL("../fixtures/changepoint/otava_tigerbeetle.json", import.meta.url), "utf8"),
  ) as { series: number[] };
  const words = told(values, throughput);

  test("the loss of 12 % at commit 15 is suspected at once, sure one run later, and stands until it is made good", () => {
    expect(words.slice(14, 17)).toEqual(["steady", "suspected worse", "changed worse"]);
    expect(new Set(words.slice(16, 71))).toEqual(new Set(["changed worse"]));
  });

  test("the gain at commit 71 is seen, and nothing else got worse in earnest", () => {
    expect(words.slice(71, 73)).toEqual(["suspected better", "changed better"]);
    const alarms = words.flatMap((one, index) => (one === "changed worse" && words[index - 1] !== one ? [index] : []));
    expect(alarms).toEqual([16]);
  });

  test("the one run at 15,672 raised no alarm", () => {
    expect(words.slice(9, 12)).toEqual(["steady", "suspected worse", "steady"]);
  });
});
