import { describe, expect, test } from "vitest";
import { impossibleTimes } from "../../../src/result/gate/impossible.ts";

describe("numbers that are the statistics of some sample", () => {
  test.each<[string, Record<string, number>]>([
    ["alike", { mean: 5, median: 5, p99: 5, std: 0 }],
    ["of which most are 0", { p0: 0, p50: 0, p99: 0, mean: 1 }],
    ["that differ by a rounding", { p50: 1.0000001, p99: 1, p0: 1.0000001, p100: 1, mean: 1 }],
    ["whose mean is at the least that a percentile allows", { mean: 9, p10: 10 }],
    ["whose median is above twice the mean, which says little", { mean: 1, p50: 3 }],
    ["of which there are none", {}],
  ])("%s, are possible", (_, statistics) => expect(impossibleTimes(statistics)).toBeUndefined());
});

describe("numbers that are not", () => {
  test.each<[Record<string, number>, string]>([
    [{ mean: Number.NaN }, "mean is NaN, which is no number"],
    [{ std: -1 }, "std is -1, and nothing takes less than 0"],
    [{ p99: 2, median: 3 }, "median is 3, but p99 is 2: no percentile is above a higher one"],
    [{ "p99.9": 2, p99: 3 }, "p99 is 3, but p99.9 is 2: no percentile is above a higher one"],
    [{ p0: 2, mean: 1 }, "mean is 1, which cannot be where p0 is 2"],
    [{ p100: 2, mean: 3 }, "mean is 3, which cannot be where p100 is 2"],
    [{ mean: 8.9, p10: 10 }, "mean is 8.9, which cannot be where p10 is 10"],
    [{ mean: 7, p25: 10 }, "mean is 7, which cannot be where p25 is 10"],
  ])("%j", (statistics, problem) => expect(impossibleTimes(statistics)).toBe(problem));

  test("are named as their source has them", () =>
    expect(impossibleTimes({ p50: -1 }, (statistic) => `${statistic}_ttft_ms`)).toMatch(/^p50_ttft_ms is -1/));
});
