import type { Family } from "../exposition.ts";
import type { Measured } from "./run-numbers.ts";

/** What came of one task; absent is what nobody knows. */
export interface AccuracyNumbers {
  task: string;
  score?: number | undefined;
  correct?: number | undefined;
  total?: number | undefined;
  /** Whether the gate let it pass. */
  ok?: boolean | undefined;
}

/** What the cell of a task holds; no number where it failed. */
export function accuracyOf(cells: readonly Measured[], id: string): AccuracyNumbers {
  const { score, samples } = cells.find(({ cell }) => cell.id === id)?.cell.metrics ?? {};
  return { task: id.slice(id.indexOf("/") + 1), score, total: samples };
}

/** The task is a label of the group. */
export function accuracyFamilies({ score, correct, total, ok }: Omit<AccuracyNumbers, "task">): Family[] {
  return [
    ...number("ci_accuracy_score", "Share of right answers, from 0 to 1.", score),
    ...number("ci_accuracy_correct", "Right answers.", correct),
    ...number("ci_accuracy_total", "Samples that were answered.", total),
    ...number(
      "ci_accuracy_ok",
      "Whether the score passed its gate: 1 or 0.",
      ok === undefined ? undefined : Number(ok),
    ),
  ];
}

const number = (name: string, help: string, value: number | undefined): Family[] =>
  value === undefined ? [] : [{ name, help, samples: [{ labels: {}, value }] }];
