import { expect, test } from "vitest";
import { headlines, percentText, tally } from "../../src/report/headline.ts";
import type { RunCell } from "../../src/result/run.ts";
import { failedSize, pair, runOn, size } from "./histories.ts";

const rowsOf = (cells: RunCell[][], window?: number) =>
  headlines(
    cells.map((own, index) => runOn(index + 1, own)),
    "latency-sweep",
    window,
  )!.rows;

test("a number is held against the median of the ten runs before it, failed ones left out", () => {
  const before = [9, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((value) => [size(1, value)]);
  const [row] = rowsOf([...before.slice(0, 6), [failedSize(1)], ...before.slice(6), [size(1, 6.6)]]);
  const { change } = row!.numbers[0]!;
  expect(change).toMatchObject({ baseline: 5.5, baselineRuns: 10, judgement: "worse" });
  expect(change!.ratio).toBeCloseTo(0.2, 10);
});

test.each([
  [1.04, "same"],
  [1.06, "worse"],
  [0.94, "better"],
])("a latency of %d times the median is %s", (now, judgement) => {
  expect(rowsOf([[size(1, 1)], [size(1, now)]])[0]!.numbers[0]!.change?.judgement).toBe(judgement);
});

test("more throughput is better", () => {
  const cell = (tokens: number) => pair(300, { requestRate: 1 }, { total_token_throughput_tok_s: tokens });
  const { rows } = headlines([runOn(1, [cell(100)]), runOn(2, [cell(120)])], "serve-benchmark")!;
  expect(rows[0]!.numbers[0]!.change?.judgement).toBe("better");
});

test("a first number has no change, a failed cell has its reason and no change", () => {
  expect(rowsOf([[size(1, 1)]])[0]!.numbers[0]).not.toHaveProperty("change");
  const [row] = rowsOf([[size(1, 1)], [failedSize(1, "engine_crashed")]]);
  expect(row!.gap).toEqual({ status: "failed", reason: "engine_crashed" });
  expect(row!.numbers[0]).not.toHaveProperty("change");
});

test("a mean is never held against medians", () => {
  const cells = [{ p50: 1, mean: 2 }, { mean: 2.02 }].map((latency_s) => [size(1, { latency_s })]);
  const { statistic, change } = rowsOf(cells)[0]!.numbers[0]!;
  expect(statistic).toBe("mean");
  expect(change).toMatchObject({ baseline: 2, judgement: "same" });
});

test("jobs that measure different cells take turns: each cell shows its own newest run", () => {
  const rows = rowsOf([[size(1, 1)], [size(2, 2)], [size(1, 1.5)], [size(2, 2)]]);
  expect(rows.map(({ label, run }) => [label, run.startedAt.slice(8, 10)])).toEqual([
    ["batch 1", "03"],
    ["batch 2", "04"],
  ]);
  expect(rows[0]!.numbers[0]!.change?.baseline).toBe(1);
});

test("a cell that nobody asked for within the window is gone", () => {
  const rows = rowsOf([[size(1, 1)], [size(2, 2)]], 1);
  expect(rows.map(({ label }) => label)).toEqual(["batch 2"]);
});

test("a history without the benchmark has no headlines", () => {
  expect(headlines([runOn(1, [])], "latency-sweep")).toBeUndefined();
});

test("the tally counts what got worse, what got better and what failed", () => {
  const before = [size(1, 1), size(2, 1), size(3, 1), size(4, 1)];
  const now = [size(1, 1.2), size(2, 0.8), size(3, 1), failedSize(4)];
  const all = headlines([runOn(1, before), runOn(2, now)], "latency-sweep");
  expect(tally([all, undefined])).toEqual({ better: 1, worse: 1, same: 1, gap: 1 });
});

test.each([
  [0.0532, "+5.3 %"],
  [-0.004, "−0.4 %"],
  [-0.0001, "0.0 %"],
])("%d reads %s", (ratio, text) => {
  expect(percentText(ratio)).toBe(text);
});
