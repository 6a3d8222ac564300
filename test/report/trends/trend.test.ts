import { expect, test } from "vitest";
import { chartData } from "../../../src/report/trends/chart-data.ts";
import { gapCount, hasValues, trendSets } from "../../../src/report/trends/trend.ts";
import { trendSentence } from "../../../src/report/trends/trend-sentence.ts";
import type { RunCell } from "../../../src/result/document/run.ts";
import { failedSize, pair, runOn, size } from "../histories.ts";

const latency = { benchmark: "latency-sweep", metrics: ["latency_s"] } as const;
const serving = { benchmark: "serve-benchmark", metrics: ["total_token_throughput_tok_s", "ttft_ms"] } as const;

const runs = [
  runOn(1, [size(1, 1.1), size(2, 1.2)]),
  runOn(2, [size(1, 1.1), failedSize(2)]),
  runOn(3, [size(1, 1.15)]),
  runOn(4, [size(1, 1.1), size(2, 1.25), size(10, 2)]),
];
const [sweep] = trendSets(runs, latency);
const p90 = sweep!.trends.find(({ key }) => key === "latency_s-p90")!;

test("a distribution has a chart for mean, p50, p90 and p99", () => {
  expect(sweep!.trends.map(({ key }) => key)).toEqual([
    "latency_s-mean",
    "latency_s-p50",
    "latency_s-p90",
    "latency_s-p99",
  ]);
});

test("a failed cell is a gap with its reason, a cell that nobody asked for is nothing", () => {
  const gap = { status: "failed", reason: "out_of_memory" };
  expect(p90.points).toEqual([
    [1.1, 1.1, 1.15, 1.1],
    [1.2, gap, undefined, 1.25],
    [undefined, undefined, undefined, 2],
  ]);
  expect(gapCount(p90)).toBe(1);
});

test("lines are sorted by number and keep their colour when a later run adds a smaller size", () => {
  const [set] = trendSets(
    [runOn(1, [size(10, 2), size(2, 1)]), runOn(2, [size(1, 1), size(2, 1), size(10, 2)])],
    latency,
  );
  expect(set!.series.map(({ label, slot }) => [label, slot])).toEqual([
    ["batch 1", 2],
    ["batch 2", 0],
    ["batch 10", 1],
  ]);
});

test("request rates and concurrency levels do not share a scale", () => {
  const rate = pair(300, { requestRate: 12.5 }, { total_token_throughput_tok_s: 4800 });
  const closed = pair(300, { concurrency: 64 }, { total_token_throughput_tok_s: 17000 });
  const sets = trendSets([runOn(1, [closed]), runOn(2, [rate])], serving);
  expect(sets.map(({ title, runs, series }) => [title, runs.length, series.map(({ label }) => label)])).toEqual([
    ["At a request rate", 1, ["300 → 100 · 12.5 req/s"]],
    ["At a concurrency", 1, ["300 → 100 · 64 at once"]],
  ]);
});

test("a statistic that the tool did not report is absent, and does not empty the other charts", () => {
  const [set] = trendSets([runOn(1, [pair(300, { requestRate: 1 }, { ttft_ms: { mean: 40 } })])], serving);
  expect(set!.trends.filter(hasValues).map(({ key }) => key)).toEqual(["ttft_ms-mean"]);
  expect(set!.trends).toHaveLength(5);
});

test("two cells that would read the same show their ids", () => {
  const twin: RunCell = { ...size(1, 1), id: "latency-sweep/in_512_out_128_bs_1_again" };
  const [set] = trendSets([runOn(1, [size(1, 1), twin])], latency);
  expect(set!.series.map(({ label }) => label)).toEqual(["in_512_out_128_bs_1", "in_512_out_128_bs_1_again"]);
});

test("the browser gets numbers, a sentence for a gap, and null for nothing", () => {
  const data = chartData(sweep!, (id) => `/base/runs/${id}/`);
  expect(data.charts["latency_s-p90"]).toEqual({
    unit: "s",
    values: [
      [1.1, 1.1, 1.15, 1.1],
      [1.2, "failed: out_of_memory", null, 1.25],
      [null, null, null, 2],
    ],
  });
  expect(data.runs.time[0]).toBe(Date.parse("2026-11-01T06:45:01Z"));
  expect(data.runs.href[0]).toBe("/base/runs/20261101T064501Z-00000001/");
});

test("the sentence behind a chart names its span, its newest numbers and its gaps", () => {
  expect(trendSentence(sweep!, p90)).toBe(
    "Line chart of Batch latency, p90, in s, over 4 runs from 2026-11-01 to 2026-11-04. " +
      "Newest run: batch 1 1.1000, batch 2 1.2500, batch 10 2.0000. 1 gap.",
  );
});

test("the sentence says so when the newest run did not measure a line, and speaks of one run as of one", () => {
  const [two] = trendSets([runOn(1, [size(1, 1.1), size(2, 1.2)]), runOn(2, [size(1, 1.3)])], latency);
  expect(trendSentence(two!, two!.trends[0]!)).toBe(
    "Line chart of Batch latency, mean, in s, over 2 runs from 2026-11-01 to 2026-11-02. " +
      "Newest run: batch 1 1.3000, batch 2 not measured.",
  );
  const [one] = trendSets([runOn(1, [failedSize(1)])], latency);
  expect(trendSentence(one!, one!.trends[0]!)).toMatch(/over 1 run from .* Newest run: batch 1 failed\. 1 gap\.$/);
});

test("a chart has values when one run of one line has any", () => {
  const [set] = trendSets([runOn(1, [failedSize(1), size(2, 1)]), runOn(2, [failedSize(1), failedSize(2)])], latency);
  expect(set!.trends.every(hasValues)).toBe(true);
  const [none] = trendSets([runOn(1, [failedSize(1)])], latency);
  expect(none!.trends.some(hasValues)).toBe(false);
});
