import { expect, test } from "vitest";
import { headlines, percentText, tally } from "../../../src/report/trends/headline.ts";
import type { Run, RunCell } from "../../../src/result/document/run.ts";
import { failedSize, pair, runOn, size } from "../histories.ts";

const headlinesOf = (runs: Run[], benchmark: RunCell["benchmark"] = "latency-sweep", window?: number) =>
  headlines({ runs, accepted: [] }, benchmark, window);
const rowsOf = (cells: RunCell[][], window?: number) =>
  headlinesOf(
    cells.map((own, index) => runOn(index + 1, own)),
    "latency-sweep",
    window,
  )!.rows;
const calm = [9, 10, 11, 10, 9, 10].map((value) => [size(1, value)]);

test("a number is held against the level before it, failed runs left out", () => {
  const [row] = rowsOf([...calm.slice(0, 3), [failedSize(1)], ...calm.slice(3), [size(1, 15)]]);
  const { standing } = row!.numbers[0]!;
  expect(standing).toMatchObject({ kind: "suspected", direction: "worse", baseline: 10, baselineRuns: 6 });
  expect(row!.numbers[0]!.trail).toHaveLength(8);
});

test("a number since an accepted change is held against the numbers since then", () => {
  const runs = [...calm, ...Array.from({ length: 6 }, () => [size(1, 15)])].map((own, index) => runOn(index + 1, own));
  const accepted = [{ series: "* latency_s", from: runs[6]!, why: "a longer context" }];
  const standing = (history: Parameters<typeof headlines>[0]) =>
    headlines(history, "latency-sweep")!.rows[0]!.numbers[0]!.standing;
  expect(standing({ runs, accepted: [] })).toMatchObject({ kind: "changed", direction: "worse", runs: 6 });
  expect(standing({ runs, accepted })).toMatchObject({ kind: "steady", baseline: 15, baselineRuns: 5 });
});

test("a loss stands for as many runs as the site looks back, and runs of other git refs change nothing about it", () => {
  const nights = [...calm, ...Array.from({ length: 100 }, () => [size(1, 15)])].map((own, index) =>
    runOn(1, own, { id: `${index}` }),
  );
  const pulls = nights.map((run) => ({ ...run, trigger: { ...run.trigger, ref: "refs/pull/7/merge" } }));
  const last = nights.pop()!;
  const standing = headlinesOf([...nights, ...pulls.slice(-5), last])!.rows[0]!.numbers[0]!.standing;
  expect(standing).toMatchObject({ kind: "changed", direction: "worse", runs: 100, baselineRuns: 6 });
});

test("more throughput is better", () => {
  const cell = (tokens: number) => pair(300, { requestRate: 1 }, { total_token_throughput_tok_s: tokens });
  const runs = [100, 100, 100, 100, 100, 120].map((tokens, index) => runOn(index + 1, [cell(tokens)]));
  const { rows } = headlinesOf(runs, "serve-benchmark")!;
  expect(rows[0]!.numbers[0]!.standing).toMatchObject({ kind: "suspected", direction: "better" });
});

test("a first number has nothing to compare with, a failed cell has its reason and no standing", () => {
  expect(rowsOf([[size(1, 1)]])[0]!.numbers[0]!.standing).toEqual({ kind: "unjudged" });
  const [row] = rowsOf([[size(1, 1)], [failedSize(1, "engine_crashed")]]);
  expect(row!.gap).toEqual({ status: "failed", reason: "engine_crashed" });
  expect(row!.numbers[0]).not.toHaveProperty("standing");
});

test("a mean is never held against medians", () => {
  const cells = [{ p50: 1, mean: 2 }, { mean: 2.02 }].map((latency_s) => [size(1, { latency_s })]);
  const { statistic, standing } = rowsOf(cells)[0]!.numbers[0]!;
  expect(statistic).toBe("mean");
  expect(standing).toMatchObject({ kind: "early", baseline: 2 });
});

test("jobs that measure different cells take turns: each cell shows its own newest run", () => {
  const rows = rowsOf([[size(1, 1)], [size(2, 2)], [size(1, 1.5)], [size(2, 2)]]);
  expect(rows.map(({ label, run }) => [label, run.startedAt.slice(8, 10)])).toEqual([
    ["batch 1", "03"],
    ["batch 2", "04"],
  ]);
  expect(rows[0]!.numbers[0]!.standing).toMatchObject({ kind: "early", baseline: 1 });
});

test("a cell that nobody asked for within the window is gone", () => {
  const rows = rowsOf([[size(1, 1)], [size(2, 2)]], 1);
  expect(rows.map(({ label }) => label)).toEqual(["batch 2"]);
});

test("a history without the benchmark has no headlines", () => {
  expect(headlinesOf([runOn(1, [])])).toBeUndefined();
});

test("the tally counts what got worse or better for two runs, and what failed", () => {
  const before = Array.from({ length: 5 }, () => [size(1, 1), size(2, 1), size(3, 1), size(4, 1), size(5, 1)]);
  const now = (third: number) => [size(1, 1.2), size(2, 0.8), size(3, third), failedSize(4), size(5, 1)];
  const all = headlinesOf([...before, now(1), now(1.3)].map((own, index) => runOn(index + 1, own)));
  expect(tally([all, undefined])).toEqual({ better: 1, worse: 1, gap: 1 });
});

test.each([
  [0.0532, "+5.3 %"],
  [-0.004, "−0.4 %"],
  [-0.0001, "0.0 %"],
])("%d reads %s", (ratio, text) => {
  expect(percentText(ratio)).toBe(text);
});
