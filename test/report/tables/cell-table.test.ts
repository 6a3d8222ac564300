import { expect, test } from "vitest";
import { metricTable, statisticTable } from "../../../src/report/tables/cell-table.ts";
import { failedSize, pair, size } from "../histories.ts";

test("a cell's table has every metric, and only the statistics that one of them has", () => {
  const table = metricTable({
    ttft_ms: { count: 2250, mean: 38.2787, p99: 60.7604 },
    itl_ms: { mean: 12.3252 },
    total_token_throughput_tok_s: 4909.5968,
  });
  expect(table.columns).toEqual(["mean", "p99", "count"]);
  expect(table.rows.map(({ name, values }) => [name, ...values])).toEqual([
    ["ttft_ms", "38.28", "60.76", "2,250"],
    ["itl_ms", "12.33", "–", "–"],
    ["total_token_throughput_tok_s", "4,909.60"],
  ]);
});

test("a percentile that takes more samples than there are is marked, and the mark explained", () => {
  const samples = { ttft_ms: { count: 298, mean: 1, p50: 2, p99: 3, "p99.9": 4 } };
  const { rows, note } = metricTable(samples);
  expect(rows[0]!.values).toEqual(["1.00", "2.00", "≈3.00", "≈4.00", "298"]);
  expect(note).toContain("p99 299");
  const enough = metricTable({ ttft_ms: { count: 299, p99: 3 } });
  expect(enough.rows[0]!.values).toEqual(["3.00", "299"]);
  expect(enough).not.toHaveProperty("note");
});

test("the median over repeats needs its samples in each of them", () => {
  const samples = { ttft_ms: { count: 600, p99: 3, p10: 1 } };
  expect(metricTable(samples, 3).rows[0]!.values).toEqual(["1.00", "≈3.00", "600"]);
  expect(metricTable(samples, 2).rows[0]!.values).toEqual(["1.00", "3.00", "600"]);
});

test("where nobody said how many samples there were, nothing is marked", () => {
  expect(metricTable({ ttft_ms: { p99: 3 } }).rows[0]!.values).toEqual(["3.00"]);
});

test("cells that hold one distribution alone share a table, failed ones left out", () => {
  const table = statisticTable([size(1, { latency_s: { mean: 1.3635, p50: 1.3633 } }), failedSize(2)], "latency_s");
  expect(table?.columns).toEqual(["mean", "p50"]);
  expect(table?.rows.map(({ values }) => values)).toEqual([["1.3635", "1.3633"]]);
});

test("cells with more than that, or without any numbers, do not", () => {
  const rich = pair(300, { requestRate: 1 }, { ttft_ms: { mean: 1 }, tpot_ms: { mean: 1 } });
  expect(statisticTable([rich], "ttft_ms")).toBeUndefined();
  expect(statisticTable([failedSize(1)], "latency_s")).toBeUndefined();
});
