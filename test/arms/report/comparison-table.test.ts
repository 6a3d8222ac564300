import { expect, test } from "vitest";
import { comparisonMarkdown, comparisonText } from "../../../src/arms/report/comparison-table.ts";
import { liveComparison } from "../../support/arm-records.ts";

test("a terminal gets a row for each comparison, and what there is to know of all", () => {
  const text = comparisonText(liveComparison);
  expect(text).toContain(
    "│ fast   │ latency-sweep/in_8_out_4_bs_1 │ latency_s │ 0.9000 │ 0.8800 to 0.9200 │ wins       │ 4      │",
  );
  expect(text).toContain("patch_failed: it does not apply cleanly");
  expect(text.split("\n").slice(-7)).toEqual([
    "the base is base; equal is within 2 %; after 4 blocks every comparison is decided",
    "the base beside itself: 0 false alarms in 1 comparison",
    "all were measured with --max-model-len 2048, because fast had no memory for more",
    "the machine was not quiet: the load is 0.80 a core",
    "clocks were not locked: there is no nvidia-smi, which could lock clocks",
    "intervals are of 95 %, better or worse needs 99 %, both over all looks: one that leaves 1 may be undecided",
    "time: 10 min 0 s, of which engine starts 2 min 0 s, warm-up 1 min 0 s, measuring 5 min 0 s, waiting 1 min 30 s, the rest 30 s",
  ]);
});

test("what is left out, a machine that was busy at times and a budget that was changed are said", () => {
  const [first] = liveComparison.comparisons;
  const text = comparisonText({
    ...liveComparison,
    comparisons: [{ ...first!, blocksWithout: 1, detail: "1 block left out: neither has latency_s in all of it" }],
    quiet: { quiet: false, waitedSeconds: 90, problems: ["the load is 0.80 a core"], looks: 5, busyLooks: 2 },
    budgets: [
      { from: 0, maxBlocks: 3 },
      { from: 3, maxBlocks: 20 },
    ],
  });
  expect(text).toContain("│ 4 of 5 │ 1 block left out: neither has latency_s in all of it │");
  expect(text).toContain("the machine was not quiet before 2 of 5 blocks, most recently: the load is 0.80 a core");
  expect(text).toContain(
    "blocks at most were 3, 20 from block 4 on: what earlier looks spent of the error stays spent",
  );
});

test("a job summary gets the same as a table, in which texts of others are text", () => {
  const [first] = liveComparison.comparisons;
  const { source } = comparisonMarkdown({
    ...liveComparison,
    comparisons: [{ ...first!, detail: "<b>| `x`\nsecond line" }],
  });
  expect(source).toContain("### Builds side by side");
  expect(source).toContain(
    "| `fast` | `latency-sweep/in_8_out_4_bs_1` | `latency_s` | 0.9000 | 0.8800 to 0.9200 | wins | 4 |",
  );
  expect(source).toContain("&lt;b>\\| \\`x\\` |");
  expect(source).not.toContain("second line");
});
