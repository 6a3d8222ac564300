import { expect, test } from "vitest";
import { compareRuns } from "../../../src/arms/history/compare-runs.ts";
import { type HistoryComparison, historyMarkdown, historyText } from "../../../src/arms/report/history-table.ts";
import { failedSize, runOn, size } from "../../report/histories.ts";

const WOBBLE = [1, 1.005, 0.997, 1.002, 0.998, 1.004, 0.995, 1.001, 1.003, 0.999];
const nights = WOBBLE.map((factor, day) =>
  runOn(day + 1, [size(1, factor), size(2, 2 * factor), size(4, 4 * factor), size(8, 8)]),
);
const last = runOn(11, [size(1, 1.1), size(2, 2.001), size(4, 3.6), failedSize(8)]);
const history = [...nights, last];
const comparison: HistoryComparison = {
  a: { word: "main", runs: [nights[9]!] },
  b: { word: "faster|kernel", runs: [last] },
  margin: 0.02,
  rows: compareRuns({ a: [nights[9]!], b: [last], history, margin: 0.02 }),
};

test("what got worse comes first, then what got better, then what cannot be compared, then what is equal", () => {
  const lines = historyText(comparison).split("\n");
  const order = lines.flatMap((line) => /(worse|better|failed|equal|undecided) *│/.exec(line)?.[1] ?? []);
  expect(order).toEqual(["worse", "better", "failed", "equal"]);
});

test("the first line is the answer", () => {
  expect(historyText(comparison).split("\n")[0]).toBe(
    "faster|kernel (1 run) beside main (1 run): 1 worse, 1 better, 1 equal, 0 undecided, 1 not comparable",
  );
});

test("a row has both numbers with their unit, the change and its interval", () => {
  const row = historyText(comparison)
    .split("\n")
    .find((line) => line.includes("bs_1 latency_s"))!;
  expect(row).toMatch(/0\.9990 s .* 1\.1000 s .* \+10\.1 % .* \+[78]\.\d % to \+1[12]\.\d %/);
});

test("Markdown keeps its columns, whatever a branch is called", () => {
  const markdown = historyMarkdown(comparison).source;
  expect(markdown).not.toContain("faster|kernel");
  const rows = markdown.split("\n").filter((line) => line.startsWith("|"));
  expect(new Set(rows.map((line) => line.replaceAll("\\|", "").split("|").length)).size).toBe(1);
});
