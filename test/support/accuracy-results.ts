import type { AccuracyReport, TaskResult } from "../../src/accuracy/report/result.ts";
import { resultOf } from "../../src/accuracy/report/result-of.ts";
import { sampleOf } from "../../src/accuracy/sample.ts";
import type { SampleOutcome } from "../../src/accuracy/score-samples.ts";

interface Counts {
  right?: number;
  wrong?: number;
  unanswered?: number;
  minScore?: number;
  /** What the wrong answers are. */
  said?: string;
}

/** A task with so many samples of each outcome, in this order. */
export function taskResult({ right = 0, wrong = 0, unanswered = 0, minScore = 0, said = "no" }: Counts): TaskResult {
  const samples = Array.from({ length: right + wrong + unanswered }, (_, index) =>
    sampleOf(
      { question: `Say ${index}`, choices: [], answers: [String(index)] },
      { strip: true, caseInsensitive: false },
    ),
  );
  const outcomes = samples.map(({ id }, index): SampleOutcome => {
    if (index < right) return { id, kind: "correct", text: String(index), taken: String(index) };
    if (index < right + wrong) return { id, kind: "wrong", text: said, taken: said };
    return { id, kind: "unanswered", why: "http_error", detail: "HTTP 500: no" };
  });
  return resultOf({ task: "mine", samples, outcomes, minScore, params: { task: "mine", samples: "0123456789abcdef" } });
}

export function reportWith(...results: TaskResult[]): AccuracyReport {
  return {
    schema: "pitwall.accuracy/1",
    startedAt: "2026-11-22T06:45:01.000Z",
    finishedAt: "2026-11-22T06:46:01.000Z",
    model: "m",
    engine: { kind: "remote", version: null },
    simulated: false,
    evaluator: { kind: "pitwall", version: "1.0.0" },
    results,
  };
}
