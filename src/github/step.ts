import { setOutput } from "@actions/core";
import type { Markdown } from "../foreign-text/markdown.ts";
import { addToJobSummary } from "../job-summary.ts";
import { lastWords, wantsStack } from "../last-resort.ts";
import { failureLines } from "../report/text/failure-lines.ts";
import { kebabCase } from "../verbs/schema/resolve-inputs.ts";
import type { Outcome } from "../verbs/verb.ts";
import { error, info, setFailed, warning } from "./log.ts";

/** GitHub shows ten errors of a step: these, those of the reporter, and the last one. */
const MOST_ANNOTATIONS = 5;

/** Hands an outcome to the workflow: outputs for the next step, the job summary, an annotation for each cause of failures. */
export async function reportOutcome(verbName: string, outcome: Outcome): Promise<void> {
  for (const [key, value] of Object.entries(outcome.outputs)) handOn(kebabCase(key), value);
  if (outcome.summary !== undefined) await writeSummary(outcome.summary);
  const failures = outcome.failures ?? [];
  for (const line of failureLines(failures, MOST_ANNOTATIONS)) error(line);
  if (outcome.ok) return;
  const what = failures.length > 0 ? `${failures.length} failed, see above` : "see the log above";
  setFailed(`${verbName} did not succeed: ${what}`);
}

/** Most bytes of all outputs of a job together; GitHub takes their size to be that in UTF-16. */
const MOST_BYTES = 1_000_000;

/** GitHub would drop a larger one without a word that the workflow could act on. */
export function handOn(name: string, value: Outcome["outputs"][string]): void {
  const bytes = 2 * String(value).length;
  if (bytes <= MOST_BYTES) {
    setOutput(name, value);
    return;
  }
  warning(
    `the output ${name} is left out: it has ${(bytes / 1e6).toFixed(1)} MB, and GitHub keeps 1 MB of a job's outputs. ` +
      "For a list of experiments, give the input shard, such as 1/8, and take the list in parts",
  );
}

/** In the log where the runner has no job summaries. */
export async function writeSummary(markdown: Markdown): Promise<void> {
  const { GITHUB_STEP_SUMMARY: file } = process.env;
  if (!file) return info(markdown.source);
  for (const problem of await addToJobSummary(markdown, file)) warning(problem);
}

/** Fails the step by one sentence; a stack follows where the job is run with debug logging. */
export function failStep(problem: unknown): void {
  setFailed(explain(problem, process.env));
}

export function explain(problem: unknown, env: NodeJS.ProcessEnv): string {
  return lastWords(problem, { stack: wantsStack(env), howToSee: "a run with debug logging enabled" });
}
