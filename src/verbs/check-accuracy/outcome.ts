import { unansweredText } from "../../accuracy/report/cell-of.ts";
import type { AccuracyReport, TaskResult } from "../../accuracy/report/result.ts";
import { reportMarkdown, reportText } from "../../accuracy/report/text.ts";
import type { Cell } from "../../result/document/cell.ts";
import type { Failure } from "../../result/document/reason.ts";
import { outcomeOf } from "../benchmark/cells-outcome.ts";
import type { Outcome } from "../verb.ts";

const NOTHING_ASKED: Outcome["outputs"] = {
  ...{ score: null, samples: 0, unanswered: 0 },
  ...{ gate: "off", comparison: null, accuracyFile: null },
};

/** There was no engine to ask, or no time: only cells that say so. */
export const unaskedOutcome = (cells: readonly Cell[]): Outcome => ({ ...outcomeOf(cells), outputs: NOTHING_ASKED });

/** An accuracy.yaml with `enabled: false`. */
export const SWITCHED_OFF: Outcome = {
  ok: true,
  outputs: NOTHING_ASKED,
  text: "accuracy is switched off: enabled is false",
};

/** How a check ended: good where all was answered, no score is below its least, and nothing is worse than before. */
export function outcomeOfReport(report: AccuracyReport, file: string, failed: readonly Failure[]): Outcome {
  const { results } = report;
  const [first] = results;
  const total = (of: (one: TaskResult) => number) => results.reduce((sum, one) => sum + of(one), 0);
  return {
    ok: failed.length === 0 && results.every((one) => isGood(one)),
    outputs: {
      score: first?.score ?? null,
      samples: total((one) => one.total),
      unanswered: total((one) => one.total - one.answered),
      gate: first?.gate ?? "off",
      comparison: first?.comparison?.verdict ?? null,
      accuracyFile: file,
    },
    text: reportText(report),
    summary: reportMarkdown(report),
    failures: [
      ...failed.map(({ reason, detail }) => ({ what: "cell" as const, name: "lm-eval", reason, detail })),
      ...results.flatMap((one) => (one.status === "incomplete" ? [incomplete(one)] : [])),
    ],
  };
}

const incomplete = (result: TaskResult) => ({
  what: "cell" as const,
  name: result.task,
  reason: "incomplete_requests" as const,
  detail: unansweredText(result),
});

const isGood = ({ status, ok, comparison }: TaskResult) =>
  status === "complete" && ok && comparison?.verdict !== "worse";
