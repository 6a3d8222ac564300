import { expect, test } from "vitest";
import { expositionText } from "../../src/prometheus/exposition.ts";
import { groupFamilies, performanceGroup } from "../../src/prometheus/group.ts";

test("loads have a mean of each number that some load has", () => {
  const { labels, families } = performanceGroup([{ throughputRps: 1 }, { throughputRps: 2 }], { model: "m" });
  expect(labels).toEqual({ model: "m", stage: "performance" });
  expect(families.map(({ name, samples }) => [name, samples[0]!.value])).toEqual([["ci_perf_throughput_rps_avg", 1.5]]);
});

test("one text of all groups has each group's labels in its series, and the time at which it was written", () => {
  const text = expositionText(groupFamilies([performanceGroup([{ throughputRps: 1 }], { model: "m" })], 1500));
  expect(text).toContain('pitwall_push_timestamp_seconds{model="m",stage="performance"} 1.5\n');
  expect(text).toContain('ci_perf_throughput_rps_avg{model="m",stage="performance"} 1\n');
});
