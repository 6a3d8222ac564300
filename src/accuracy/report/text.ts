import { joined, type Markdown, md, table } from "../../foreign-text/markdown.ts";
import { plainLine } from "../../foreign-text/plain.ts";
import { counted } from "../../result/counted.ts";
import { SMOKE_TASK } from "../settings/task.ts";
import { unansweredText } from "./cell-of.ts";
import type { AccuracyReport, Comparison, TaskResult } from "./result.ts";

/** Samples that are listed of each kind; the report has all. */
const LISTED = 10;

/** A check in lines for a terminal. */
export function reportText({ results, simulated, model }: AccuracyReport): string {
  const parts = results.map((result) => [scoreText(result), ...remarks(result, simulated), ...sampleLines(result)]);
  return [`model ${plainLine(model)}`, ...parts.flat()].join("\n");
}

/** The same for a job summary. */
export function reportMarkdown({ results, simulated, model }: AccuracyReport): Markdown {
  const rows = results.map((result) => {
    const [low, high] = result.interval ?? [];
    return [
      result.task,
      shareText(result.score),
      low === undefined || high === undefined ? "–" : `${shareText(low)} to ${shareText(high)}`,
      result.correct === undefined ? "–" : String(result.correct),
      String(result.total),
      String(result.total - result.answered),
      GATE_WORDS[result.gate],
    ];
  });
  const left = { align: "left" } as const;
  const right = { align: "right" } as const;
  const columns = [
    { title: "Task", ...left },
    { title: "Score", ...right },
    { title: "95 %", ...right },
    { title: "Right", ...right },
    { title: "Samples", ...right },
    { title: "No answer", ...right },
    { title: "Gate", ...left },
  ];
  const said = results.flatMap((result) => [...remarks(result, simulated), ...sampleLines(result)]);
  const list = joined(
    said.map((line) => md`- ${line.trim()}`),
    "\n",
  );
  return joined([md`## Accuracy of ${model}`, table(columns, rows), ...(said.length > 0 ? [list] : [])], "\n\n");
}

const GATE_WORDS: Record<TaskResult["gate"], string> = {
  off: "–",
  pass: "pass",
  fail: "fail",
  too_few_to_decide: "too few to decide",
};

function scoreText({ task, score, interval, correct, total, metric }: TaskResult): string {
  const name = plainLine(task);
  if (score === undefined) return `${name}: no score`;
  const range = interval === undefined ? "" : ` (95 %: ${shareText(interval[0])} to ${shareText(interval[1])})`;
  const of = correct === undefined ? counted(total, "sample") : `${correct} of ${counted(total, "sample")}`;
  return `${name}: ${shareText(score)}${range}, ${of}${metric === undefined ? "" : `, ${plainLine(metric)}`}`;
}

/** What else is to be said of a task, a sentence each. */
function remarks(result: TaskResult, simulated: boolean): string[] {
  const { task, status, minScore, score, comparison, namesNoChoice, truncated } = result;
  return [
    ...(simulated ? ["  simulated: no model answered, and no gate takes the score"] : []),
    ...(task === SMOKE_TASK
      ? ["  a smoke test: it shows that the model answers in its right mind, not how good it is"]
      : []),
    ...(status === "incomplete" ? [`  incomplete: ${plainLine(unansweredText(result))}`] : []),
    ...(score !== undefined && minScore > 0 && !simulated ? [`  ${gateText(result, score)}`] : []),
    ...(namesNoChoice > 0 ? [`  ${counted(namesNoChoice, "wrong answer")} to a multiple choice named no choice`] : []),
    ...(truncated > 0 ? [`  ${counted(truncated, "answer")} ended at the limit of tokens`] : []),
    ...(comparison === undefined ? [] : [`  ${comparisonText(comparison)}`]),
  ];
}

function gateText({ minScore, gate, samplesToDecide, ok }: TaskResult, score: number): string {
  const side = ok ? "is at or above" : "is below";
  const said = `${shareText(score)} ${side} the least, ${shareText(minScore)}`;
  if (gate !== "too_few_to_decide") return `${said}, and so is the whole interval: ${gate}`;
  const more = samplesToDecide === undefined ? "" : `; ${samplesToDecide.toLocaleString("en")} would, at this score`;
  return `${said}, but these are too few samples to decide${more}`;
}

const VERDICT_WORDS: Record<Comparison["verdict"], string> = {
  worse: "worse",
  better: "better",
  no_difference_shown: "no difference shown",
};

function comparisonText({ against, verdict, samples, lost, gained, p }: Comparison): string {
  const changes = `${lost.length} lost, ${gained.length} gained of ${counted(samples, "sample")}`;
  return `beside ${plainLine(against)}: ${VERDICT_WORDS[verdict]} (${changes}, p ${p < 0.001 ? "< 0.001" : p.toFixed(3)})`;
}

/** The samples that changed; without an earlier run those that are wrong. */
function sampleLines({ samples, comparison }: TaskResult): string[] {
  const byId = new Map(samples.map((one) => [one.id, one]));
  const line = (word: string, id: string) => {
    const { question, right = "–", answer = "–" } = byId.get(id)!;
    return `    ${word}: ${short(question)} → ${short(answer)} (right: ${short(right)})`;
  };
  const list = (word: string, ids: readonly string[]) => [
    ...ids.slice(0, LISTED).map((id) => line(word, id)),
    ...(ids.length > LISTED ? [`    … and ${ids.length - LISTED} more: accuracy.json has all`] : []),
  ];
  if (comparison !== undefined) return [...list("lost", comparison.lost), ...list("gained", comparison.gained)];
  return list(
    "wrong",
    samples.filter(({ outcome }) => outcome === "wrong").map(({ id }) => id),
  );
}

const SHORT = 80;
function short(text: string): string {
  const line = plainLine(text);
  return line.length > SHORT ? `${line.slice(0, SHORT)}…` : line || "(nothing)";
}

const shareText = (share: number | undefined) => (share === undefined ? "–" : share.toFixed(4));
