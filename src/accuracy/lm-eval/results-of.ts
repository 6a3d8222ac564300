import type { CellParams } from "../../result/document/cell.ts";
import { present } from "../../result/present.ts";
import type { NoAnswer } from "../ask/answer.ts";
import type { SampleResult, TaskResult } from "../report/result.ts";
import { gated } from "../report/result-of.ts";
import { setOf } from "../sample.ts";
import { wilsonInterval, Z_95 } from "../statistics/proportion.ts";
import type { LmEvalScore } from "./results-file.ts";
import type { LmEvalSample } from "./samples-file.ts";

export interface LmEvalRun {
  version: string;
  scores: readonly LmEvalScore[];
  /** Those of a task, by its name. */
  samples: ReadonlyMap<string, readonly LmEvalSample[]>;
  /** Answers on the way that were none, of all tasks together. */
  unanswered: readonly NoAnswer[];
  minScore: number;
  /** What was asked beside the task. */
  params: CellParams;
}

/** A result for each metric and filter of each task; without a score where an answer was none, whatever lm-eval made of it. */
export function lmEvalResults(run: LmEvalRun): TaskResult[] {
  const isOnly = (task: string) => run.scores.filter((one) => one.task === task).length === 1;
  return run.scores.map((score) => resultOf(score, isOnly(score.task), run));
}

function resultOf(score: LmEvalScore, isOnly: boolean, run: LmEvalRun): TaskResult {
  const { task, metric, filter, taskVersion, taskHash, fewShot } = score;
  const samples = samplesOf(score, run);
  const set = samples.length === 0 ? undefined : setOf(samples);
  const name = isOnly && filter === "none" ? task : `${task}_${metric}_${filter}`;
  const facts = { task, evaluator: "lm-eval", evaluatorVersion: run.version, metric, filter, taskVersion };
  const params = { ...run.params, ...facts, ...present({ taskHash: taskHash?.slice(0, 16), fewShot, samples: set }) };
  const shared = {
    ...{ task: name, metric: `${metric},${filter}`, minScore: run.minScore, params },
    ...{ total: score.samples, namesNoChoice: 0, truncated: 0, samples },
  };
  const missing = Math.min(run.unanswered.length, score.samples);
  if (missing === 0)
    return {
      ...shared,
      ...scored(score, samples, run.minScore),
      status: "complete",
      answered: score.samples,
      unanswered: {},
    };
  const reasons = Map.groupBy(run.unanswered, ({ why }) => why);
  return {
    ...shared,
    ...{ ok: false, gate: "off", status: "incomplete", answered: score.samples - missing },
    unanswered: Object.fromEntries([...reasons].map(([why, all]) => [why, all.length])),
    samples: run.unanswered.map(requestWithout),
  };
}

/** Which document a request was for, only lm-eval knows. */
function requestWithout({ why, detail }: NoAnswer, index: number): SampleResult {
  return { id: `request-${index + 1}`, outcome: "unanswered", question: "a request of lm-eval", why, detail };
}

/** Only where each is right or wrong, as the score says; others can't be told sample by sample. */
function samplesOf({ task, metric, filter, score }: LmEvalScore, run: LmEvalRun): SampleResult[] {
  const own = (run.samples.get(task) ?? []).filter((one) => one.filter === filter);
  const values = own.map((one) => one.valueOf(metric));
  const right = values.filter((value) => value === 1).length;
  if (!values.every((value) => value === 0 || value === 1) || Math.abs(right / own.length - score) > 1e-9) return [];
  return own.map(({ id, question, right: target, answer }, place) => ({
    ...{ id, question, right: target, answer },
    outcome: values[place] === 1 ? "correct" : "wrong",
  }));
}

function scored(
  { score, standardError, samples: total }: LmEvalScore,
  samples: readonly SampleResult[],
  minScore: number,
) {
  const correct = samples.length === 0 ? undefined : samples.filter(({ outcome }) => outcome === "correct").length;
  const interval = correct === undefined ? normalInterval(score, standardError) : wilsonInterval(correct, total);
  const gate =
    interval === undefined ? { score, ok: score >= minScore, gate: "off" as const } : gated(score, interval, minScore);
  return { ...gate, ...present({ correct, interval }) };
}

/** By lm-eval's own standard error, where that is one. */
function normalInterval(score: number, error: number | undefined): [number, number] | undefined {
  if (error === undefined || error === 0) return undefined;
  return [Math.max(0, score - Z_95 * error), Math.min(1, score + Z_95 * error)];
}
