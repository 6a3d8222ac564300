import { expect, test } from "vitest";
import { runSummary } from "../../../src/report/markdown.ts";
import { runText } from "../../../src/report/terminal.ts";
import { judgeRun, type RunVerdict } from "../../../src/verdict/judge-run.ts";
import { sampleRun } from "../../support/run-document.ts";
import { runOn, size } from "../histories.ts";

const calm = Array.from({ length: 8 }, (_, day) => runOn(day + 1, [size(1, 1), size(2, 2), size(3, 3)]));
const night = (day: number, ...latencies: number[]) =>
  runOn(
    day,
    latencies.map((value, index) => size(index + 1, value)),
  );
const judged = (...nights: ReturnType<typeof night>[]): RunVerdict =>
  judgeRun(nights.at(-1)!, { runs: [...calm, ...nights.slice(0, -1)], accepted: [] }, "refs/heads/main");

test("the summary says how many numbers moved and shows them, the worst first", () => {
  const summary = runSummary(sampleRun, judged(night(9, 1.1, 2, 2), night(10, 1.1, 2.5, 2))).source;
  expect(summary).toContain(
    "Of 3 numbers 1 got worse, 1 may have got worse, 1 got better, held against 9 earlier runs.\n\n" +
      "### Against the history\n\n" +
      "| Series | Verdict | Now | Before | Change |\n" +
      "| :-- | :-- | --: | --: | --: |\n" +
      `| ${size(1, 1).id} latency_s | worse for 2 runs | 1.1000 s | 1.0000 s | +10.0 % |\n` +
      `| ${size(2, 1).id} latency_s | worse? first time | 2.5000 s | 2.0000 s | +25.0 % |\n` +
      `| ${size(3, 1).id} latency_s | better for 2 runs | 2.0000 s | 3.0000 s | −33.3 % |\n`,
  );
});

test("a terminal shows the same", () => {
  const text = runText(sampleRun, judged(night(9, 1.1, 2, 3), night(10, 1.1, 2, 3)));
  expect(text).toContain("Of 3 numbers 1 got worse, held against 9 earlier runs.\nAgainst the history\n");
  expect(text).toMatch(/latency_s │ worse for 2 runs │ 1\.1000 s │ 1\.0000 s │ \+10\.0 %/);
});

test("nothing that moved is a sentence, without enough runs it says so, and without a history there is nothing", () => {
  const sentence = (verdict: RunVerdict | null) =>
    runSummary(sampleRun, verdict)
      .source.split("\n")
      .filter((line) => /held/.test(line));
  expect(sentence(judged(night(9, 1, 2, 3)))).toEqual(["Of 3 numbers none moved, held against 8 earlier runs."]);
  expect(sentence({ status: "unjudged", baselineRuns: 1, series: [] })).toEqual([
    "No number in this run to judge, held against 1 earlier run.",
  ]);
  expect(sentence(judgeRun(night(9, 1), { runs: calm.slice(0, 1), accepted: [] }, "refs/heads/main"))).toEqual([
    "Not judged yet: held against 1 earlier run, and a series is judged from 5 on, counted anew after an accepted change.",
  ]);
  expect(sentence(null)).toEqual([]);
});

test("of very many, the table shows twenty and says how many more there are", () => {
  const many = (value: number) => Array.from({ length: 25 }, (_, index) => size(index + 1, value));
  const before = Array.from({ length: 6 }, (_, day) => runOn(day + 1, many(1)));
  const verdict = judgeRun(runOn(9, many(2)), { runs: before, accepted: [] }, "refs/heads/main");
  const summary = runSummary(sampleRun, verdict).source;
  expect(summary.match(/worse\? first time/g)).toHaveLength(20);
  expect(summary).toContain("\nAnd 5 more.\n");
});
