import { expect, test } from "vitest";
import { longCsv, wideCsv } from "../../src/database/query/csv.ts";
import { pointsOf } from "../../src/database/query/points.ts";
import { plainJson, plainText } from "../../src/foreign-text/plain.ts";
import { exportDataJs } from "../../src/formats/data-js/data-js.ts";
import { prometheusText } from "../../src/formats/text-export.ts";
import { experimentsCsv } from "../../src/report/experiments/experiment-csv.ts";
import { experimentsMarkdown, experimentsText } from "../../src/report/experiments/experiment-summary.ts";
import { vllmBenchCsv } from "../../src/report/experiments/vllm-bench-csv.ts";
import { runSummary } from "../../src/report/markdown.ts";
import { slackMessage } from "../../src/report/slack.ts";
import { boxTable } from "../../src/report/tables/box-table.ts";
import { runText } from "../../src/report/terminal.ts";
import type { ExperimentEnd } from "../../src/result/document/experiment.ts";
import { HOSTILE_TEXTS, hostileRun } from "../support/hostile.ts";
import { liveInCsv, liveInMarkdown, liveInSlack, liveInTerminal } from "../support/live-markers.ts";

const cases = HOSTILE_TEXTS.map((text) => ({ text, run: hostileRun(text) }));
const end = (text: string): ExperimentEnd => ({
  ...{ name: text, settings: { [text]: text }, engineArgs: [text], seconds: 1, configurationHash: "0" },
  ...{ status: "failed", reason: "known_bad", detail: text },
});

test("the looks see what is live", () => {
  const all = HOSTILE_TEXTS[1]!;
  expect(liveInTerminal(all).length).toBeGreaterThan(8);
  expect(liveInMarkdown(all).length).toBeGreaterThan(8);
  expect(liveInSlack(all).length).toBeGreaterThan(3);
  expect(liveInCsv(`a,b\n${HOSTILE_TEXTS[0]!.slice(0, 4)},"=1\n"\n`)).toHaveLength(2);
});

test("hostile documents hold the markers nearly everywhere", () => {
  for (const { run } of cases) expect(JSON.stringify(run).split("::set-output").length).toBeGreaterThan(60);
});

test("no marker is live in a job summary, of a run or of experiments", () => {
  for (const { text, run } of cases) {
    expect(liveInMarkdown(runSummary(run).source)).toEqual([]);
    const results = { ends: [end(text)], measured: [{ name: text, run }], seconds: 1 };
    expect(liveInMarkdown(experimentsMarkdown(results).source)).toEqual([]);
  }
});

test("nor in a terminal or in a step's log, as text, table or JSON", () => {
  for (const { text, run } of cases) {
    const results = { ends: [end(text)], measured: [{ name: text, run }], seconds: 1 };
    const table = boxTable([{ title: "Name", align: "left" }], [[text]]);
    expect(table.split("\n")).toHaveLength(5);
    const shown = [runText(run), experimentsText(results), table, runSummary(run).source].map(plainText);
    for (const one of [...shown, plainJson({ text, run })]) expect(liveInTerminal(one)).toEqual([]);
  }
});

test("nor in Slack", () => {
  for (const { text, run } of cases) {
    const message = slackMessage({ run, failedJobs: { [text]: text }, repository: text });
    expect(
      liveInSlack(
        [message.text, ...message.blocks.map((block) => block.text.text)].map(({ source }) => source).join("\n"),
      ),
    ).toEqual([]);
  }
});

test("nor in a spreadsheet", () => {
  for (const { text, run } of cases) {
    const points = pointsOf(run);
    const tried = [{ end: end(text), run }];
    const files = [longCsv(points), wideCsv(points), experimentsCsv(tried), vllmBenchCsv(tried)];
    for (const csv of files) expect(liveInCsv(csv)).toEqual([]);
  }
});

test("nor is it more than a label for Prometheus", () => {
  for (const { run } of cases) {
    for (const line of prometheusText([run]).trimEnd().split("\n")) {
      expect(line).toMatch(/^(# (HELP|TYPE) .*|[a-z0-9_]+(\{([a-z_]+="([^"\\\n]|\\.)*",?)*\})? [-+.e\d]+)$/);
    }
  }
});

test("nor is a link of another kind in the file that a page loads", () => {
  for (const { run } of cases) expect(exportDataJs([run])).not.toMatch(/"(url|repoUrl)": "(?!https?:|")/);
});
