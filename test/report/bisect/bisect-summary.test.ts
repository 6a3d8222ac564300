import { expect, test } from "vitest";
import { bisectMarkdown, bisectText } from "../../../src/report/bisect/bisect-summary.ts";
import type { Bisect } from "../../../src/result/document/bisect.ts";
import { sampleBisect } from "../../support/sample-bisect.ts";

const lines = (bisect: Bisect) => bisectText(bisect).split("\n");
const withResult = (result: Partial<Bisect["result"] & object>): Bisect => ({
  ...sampleBisect,
  result: { ...sampleBisect.result!, ...result },
});
const [change] = sampleBisect.result!.changes;

test("a culprit is named with its subject, its size, how sure that is, and who else it may be", () => {
  expect(lines(sampleBisect).slice(0, 6)).toEqual([
    "culprit: cccccccccc “Commit c” raised latency_s: +5.0 % (+2.0 % to +8.0 %)",
    "confidence: 99.0 %",
    "runner-up: bbbbbbbbbb “Commit b”, 0.6 %",
    "bad ÷ good: +5.0 % (+3.0 % to +7.0 %)",
    "latency-sweep/in_512_out_128_bs_1 latency_s, docker meta-llama/Llama-3.1-8B-Instruct, on h100-1, NVIDIA H100 80GB HBM3",
    "3 blocks of at most 80, 12 measurements",
  ]);
});

test("a table has what was measured of each build, and why others were not", () => {
  const builds = sampleBisect.builds.map((build, place) =>
    place === 2 ? { ...build, skipped: "it did not build" } : build,
  );
  const text = bisectText({ ...sampleBisect, builds });
  expect(text).toMatch(/dddddddddd +│ Commit d +│ +1 │ +\+5\.0 %/);
  expect(text).toContain("it did not build");
});

test("a block that was set aside is said, and is not in the table", () => {
  const blocks = sampleBisect.blocks.map((block, index) =>
    index === 0 ? { ...block, setAside: true as const } : block,
  );
  const text = bisectText({ ...sampleBisect, blocks });
  expect(text).toContain(
    "3 blocks of at most 80, 12 measurements, 1 set aside, because two numbers of one build lie far apart",
  );
  expect(text).not.toContain("dddddddddd");
});

test("a range tells its first and its last commit", () => {
  const [first] = lines(withResult({ end: "range", changes: [{ ...change!, from: 0, to: 2 }] }));
  expect(first).toBe(
    "range: one of 2 from bbbbbbbbbb “Commit b” to cccccccccc “Commit c” raised latency_s: +5.0 % (+2.0 % to +8.0 %)",
  );
});

test("where it is not all of the change, it says so", () => {
  const text = lines(withResult({ ratio: 1.1 }));
  expect(text).toContain("that is 51 % of the whole change: the rest was not found");
});

test("a change in steps names all of them", () => {
  const half = { ...change!, from: 2, to: 3, ratio: 1.02 };
  expect(lines(withResult({ changes: [change!, half] }))).toContain(
    "also dddddddddd “Commit d”: +2.0 % (+2.0 % to +8.0 %)",
  );
});

test("ends that do not differ, and a budget that was spent, say what is known", () => {
  expect(lines(withResult({ end: "not_reproduced", changes: [], ratio: 1.001, low: 0.99, high: 1.01 }))[0]).toBe(
    "not_reproduced: the two ends do not differ here as they should: bad ÷ good is +0.1 % (−1.0 % to +1.0 %)",
  );
  expect(lines(withResult({ end: "budget_spent", changes: [{ ...change!, probability: 0.4 }] }))[0]).toBe(
    "budget_spent: the budget was spent; so far cccccccccc “Commit c” is likeliest, at 40.0 %",
  );
});

test("subjects of others are text in Markdown", () => {
  const builds = sampleBisect.builds.map((build) => ({ ...build, subject: "<img src=x> @octocat" }));
  const { source } = bisectMarkdown({ ...sampleBisect, builds });
  expect(source).toContain("## pitwall: bisect of latency-sweep/");
  expect(source).not.toContain("<img");
  expect(source).not.toMatch(/(?<![\w`])@octocat/);
});
