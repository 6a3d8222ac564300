import type { Cell, PartOutcomes } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { present } from "../../result/present.ts";
import type { AccuracyReport, TaskResult } from "./result.ts";

/** Samples whose outcomes a run document keeps; with more wrong ones a later run is held against accuracy.json only. */
const MOST_KEPT = 10_000;

/** The cell that a task is going to have. */
export const planOf = (task: string, params: CellPlan["params"]): CellPlan => ({
  id: `check-accuracy/${task.replaceAll(/[^A-Za-z0-9._-]/g, "_")}`,
  benchmark: "check-accuracy",
  params,
});

/** A task as a cell: with its score and the samples that were wrong, or failed where some were not answered. */
export function cellOf(result: TaskResult, report: AccuracyReport): Cell {
  const { startedAt, finishedAt, evaluator: client } = report;
  const measuredSeconds = Math.max(0, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
  const clock = { startedAt, finishedAt, warmupSeconds: 0, measuredSeconds };
  const identity = { schema: "pitwall.cell/1" as const, ...planOf(result.task, result.params), client, ...clock };
  if (result.score === undefined) {
    return { ...identity, status: "failed", reason: "incomplete_requests", detail: unansweredText(result) };
  }
  const [low, high] = result.interval ?? [];
  const metrics = present({ score: result.score, samples: result.answered, score_low: low, score_high: high });
  return { ...identity, status: "measured", measurement: { kind: "checked", metrics, outcomes: wrongOf(result) } };
}

function wrongOf({ samples }: TaskResult): PartOutcomes {
  const wrong = samples.filter(({ outcome }) => outcome === "wrong");
  return wrong.length > MOST_KEPT ? {} : Object.fromEntries(wrong.map(({ id }) => [id, "wrong"]));
}

/** `3 of 72 samples have no answer: http_error ×2, timeout ×1. First: HTTP 500: …` */
export function unansweredText({ unanswered, answered, total, samples }: TaskResult): string {
  const reasons = Object.entries(unanswered).map(([why, count]) => `${why} ×${count}`);
  const first = samples.find(({ outcome }) => outcome === "unanswered")?.detail;
  const detail = first === undefined ? "" : `. First: ${first}`;
  return `${total - answered} of ${total} samples have no answer: ${reasons.join(", ")}${detail}`;
}
