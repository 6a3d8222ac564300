import { describe, expect, test } from "vitest";
import { medianInterval } from "../../../src/result/metrics/bootstrap.ts";
import { median } from "../../../src/result/metrics/distribution.ts";
import { medianMetrics } from "../../../src/result/metrics/median-metrics.ts";
import { spreadOf, storedStatistic } from "../../../src/result/metrics/repeats.ts";

describe("values of repeats", () => {
  test("have a median and the median of how far they are from it", () => {
    expect(spreadOf([1, 4, 2, 10])).toMatchObject({ median: 3, mad: 1.5 });
    expect(median([5])).toBe(5);
  });

  test("have an interval from three on: their range, until there are six", () => {
    expect(spreadOf([1, 2])).not.toHaveProperty("interval");
    expect(spreadOf([3, 1, 2])).toMatchObject({ interval: [1, 3] });
    expect(storedStatistic([3, 1, 2, 5, 4])).toEqual([3, 1, 2, 5, 4]);
    const six = [3, 1, 2, 6, 5, 4];
    expect(storedStatistic(six)).toEqual({ values: six, interval: medianInterval(six) });
    expect(spreadOf({ values: six, interval: [2, 5] })).toMatchObject({ interval: [2, 5] });
  });

  test("have the same interval each time, within their range and around their median", () => {
    const values = [10, 12, 11, 14, 13, 90];
    const [low, high] = medianInterval(values);
    expect(medianInterval(values)).toEqual([low, high]);
    expect([low, high]).toEqual([10.5, 52]);
    expect(medianInterval([7, 7, 7, 7, 7, 7])).toEqual([7, 7]);
  });
});

test("of several measurements amounts add up, and levels have their median, over those that have them", () => {
  const each = [
    { duration_s: 1, completed: 4, request_throughput_req_s: 4, ttft_ms: { count: 4, p50: 10 } },
    { duration_s: 2, completed: 4, request_throughput_req_s: 2, ttft_ms: { count: 4, p50: 20, p99: 40 } },
    { duration_s: 3, completed: 3, failed: 1 },
  ];
  expect(medianMetrics(each)).toEqual({
    ...{ duration_s: 6, completed: 11, failed: 1, request_throughput_req_s: 3 },
    ttft_ms: { count: 8, p50: 15, p99: 40 },
  });
});
