import { expect, test } from "vitest";
import { cellOf } from "../../../src/accuracy/report/cell-of.ts";
import { AccuracyReport } from "../../../src/accuracy/report/result.ts";
import { reportMarkdown, reportText } from "../../../src/accuracy/report/text.ts";
import { Cell } from "../../../src/result/document/cell.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { reportWith, taskResult } from "../../support/accuracy-results.ts";

test("all answered: the score with its interval, and the seed's five fields", () => {
  const { task, score, correct, total, ok, interval, gate, status } = taskResult({ right: 90, wrong: 10 });
  expect({ task, score, correct, total, ok, gate, status }).toEqual({
    ...{ task: "mine", score: 0.9, correct: 90, total: 100, ok: true, gate: "off", status: "complete" },
  });
  expect(interval).toEqual([expect.closeTo(0.8256, 4), expect.closeTo(0.9448, 4)]);
});

test.for([
  { minScore: 0.8, ok: true, gate: "pass", samplesToDecide: undefined },
  { minScore: 0.88, ok: true, gate: "too_few_to_decide", samplesToDecide: expect.any(Number) },
  { minScore: 0.92, ok: false, gate: "too_few_to_decide", samplesToDecide: expect.any(Number) },
  { minScore: 0.99, ok: false, gate: "fail", samplesToDecide: undefined },
])("0.9 of 100 beside $minScore: ok is the plain rule, the gate what can be said", ({ minScore, ...expected }) => {
  const { ok, gate, samplesToDecide } = taskResult({ right: 90, wrong: 10, minScore });
  expect({ ok, gate, samplesToDecide }).toEqual(expected);
});

test("one sample without an answer: no score, and the count by what was wrong", () => {
  const result = taskResult({ right: 8, wrong: 1, unanswered: 1, minScore: 0.5 });
  expect(result).toMatchObject({ status: "incomplete", ok: false, gate: "off", answered: 9, total: 10 });
  expect(result.unanswered).toEqual({ http_error: 1 });
  expect([result.score, result.correct, result.interval]).toEqual([undefined, undefined, undefined]);
});

test("the cell has the score and names the samples that were wrong; it passes the gate as it is", () => {
  const result = taskResult({ right: 3, wrong: 1 });
  const cell = Cell.parse(cellOf(result, reportWith(result)));
  expect(gateCell(cell)).toMatchObject({
    id: "check-accuracy/mine",
    status: "ok",
    metrics: { score: 0.75, samples: 4, score_low: result.interval![0], score_high: result.interval![1] },
    outcomes: { [result.samples[3]!.id]: "wrong" },
  });
});

test("the cell of an incomplete task failed, with the count and the first words", () => {
  const result = taskResult({ right: 3, unanswered: 2 });
  expect(gateCell(Cell.parse(cellOf(result, reportWith(result))))).toMatchObject({
    status: "failed",
    reason: "incomplete_requests",
    detail: "2 of 5 samples have no answer: http_error ×2. First: HTTP 500: no",
  });
});

test("a report is one of its schema", () => {
  const report = reportWith(taskResult({ right: 3, wrong: 1, unanswered: 1 }));
  expect(AccuracyReport.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

test("text and Markdown say the score, the gate and what was wrong, and hostile text does nothing in them", () => {
  const report = reportWith(taskResult({ right: 9, wrong: 1, minScore: 0.85, said: "@octocat <img>\u001b[31m" }));
  const text = reportText(report);
  expect(text).toContain("mine: 0.9000 (95 %: 0.5958 to 0.9821), 9 of 10 samples");
  expect(text).toContain("0.9000 is at or above the least, 0.8500, but these are too few samples to decide; ");
  expect(text).toContain("wrong: Say 9 → @octocat <img> (right: 9)");
  const { source } = reportMarkdown(report);
  expect(source).toContain("| mine | 0.9000 | 0.5958 to 0.9821 | 9 | 10 | 0 | too few to decide |");
  expect(source).not.toMatch(/@octocat|<img/);
});

test("a simulated engine's score is named as such, and no gate takes it", () => {
  const report = { ...reportWith(taskResult({ right: 1, wrong: 9, minScore: 0.9 })), simulated: true };
  expect(reportText(report)).toContain("simulated: no model answered");
});
