import { cut } from "../../foreign-text/limits.ts";
import type { CellParams } from "../../result/document/cell.ts";
import { present } from "../../result/present.ts";
import { letterOf } from "../grade/choice-named.ts";
import type { Sample } from "../sample.ts";
import type { SampleOutcome } from "../score-samples.ts";
import { wilsonInterval } from "../statistics/proportion.ts";
import { type GateAnswer, samplesToDecide, scoreGate } from "../statistics/score-gate.ts";
import type { SampleResult, TaskResult } from "./result.ts";

/** Longest text of a question or answer in a report; whoever needs more has the samples. */
const SHOWN = 500;

interface Scored {
  task: string;
  samples: readonly Sample[];
  /** In the order of samples. */
  outcomes: readonly SampleOutcome[];
  /** From 0 to 1; 0 is no gate. */
  minScore: number;
  params: CellParams;
}

/** What a task came to. A sample without an answer leaves it without a score: nobody knows what the answer would have been. */
export function resultOf({ task, samples, outcomes, minScore, params }: Scored): TaskResult {
  const results = samples.map((sample, place) => sampleResult(sample, outcomes[place]!));
  const correct = results.filter(({ outcome }) => outcome === "correct").length;
  const reasons = Map.groupBy(outcomes, (one) => (one.kind === "unanswered" ? one.why : undefined));
  reasons.delete(undefined);
  const unanswered = Object.fromEntries([...reasons].map(([why, all]) => [why!, all.length]));
  const answered = results.filter(({ outcome }) => outcome !== "unanswered").length;
  const graded = outcomes.filter((one) => one.kind !== "unanswered");
  const isComplete = answered === samples.length;
  return {
    task,
    ...(isComplete ? scored(correct, samples.length, minScore) : { ok: false, gate: "off" as const }),
    total: samples.length,
    status: isComplete ? "complete" : "incomplete",
    ...{ answered, unanswered, minScore, params },
    namesNoChoice: graded.filter(({ namesNoChoice }) => namesNoChoice).length,
    truncated: graded.filter(({ truncated }) => truncated).length,
    samples: results,
  };
}

function scored(correct: number, total: number, minScore: number) {
  const interval = wilsonInterval(correct, total);
  return { correct, interval, ...gated(correct / total, interval, minScore) };
}

/** What a score comes to beside the least: `ok` is vllm_cibench's rule, and the gate what can be said of it. */
export function gated(score: number, interval: [number, number], minScore: number) {
  const gate: GateAnswer = scoreGate(interval, minScore);
  const more = gate === "too_few_to_decide" ? samplesToDecide(score, minScore) : undefined;
  return { score, ok: score >= minScore, gate, ...present({ samplesToDecide: more }) };
}

function sampleResult(sample: Sample, outcome: SampleOutcome): SampleResult {
  const shown = { id: sample.id, question: cut(sample.question, SHOWN), right: cut(rightText(sample), SHOWN) };
  if (outcome.kind !== "unanswered") return { ...shown, outcome: outcome.kind, answer: cut(outcome.taken, SHOWN) };
  return { ...shown, outcome: "unanswered", why: outcome.why, detail: cut(outcome.detail, SHOWN) };
}

function rightText({ choices, rightChoice, answers }: Sample): string {
  if (rightChoice === undefined) return answers.join(" | ");
  return `${letterOf(rightChoice)}. ${choices[rightChoice]}`;
}
