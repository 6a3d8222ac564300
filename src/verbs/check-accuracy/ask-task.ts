import { cellOf, planOf } from "../../accuracy/report/cell-of.ts";
import { comparisonWith, type Earlier } from "../../accuracy/report/earlier.ts";
import { resultOf } from "../../accuracy/report/result-of.ts";
import { setOf } from "../../accuracy/sample.ts";
import { type SampleOutcome, scoreSamples } from "../../accuracy/score-samples.ts";
import type { AccuracySettings } from "../../accuracy/settings/accuracy-file.ts";
import { type Task, taskOf } from "../../accuracy/settings/task.ts";
import { UserError } from "../../errors.ts";
import { PITWALL } from "../../package-root.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { present } from "../../result/present.ts";
import type { Tools } from "../../tools.ts";
import { writeCell } from "../../working-folder/cells.ts";
import {
  type CheckEnd,
  type CheckedEngine,
  cancelled,
  checkedEngine,
  leastOf,
  parallelOf,
  reportOf,
} from "./checked-engine.ts";
import { earlierRuns } from "./earlier-run.ts";
import type { CheckAccuracyInputs } from "./inputs.ts";

/** That of vllm_cibench's profile for pull requests. */
const MAX_TOKENS = 128;

/** Asks all samples of a task and leaves its cell. @returns the report, or how it ended where there was no engine to ask */
export async function askTask(
  inputs: CheckAccuracyInputs,
  settings: AccuracySettings,
  tools: Tools,
): Promise<CheckEnd> {
  const { output } = inputs;
  const task = await taskOf(settings);
  const plan = planOf(task.name, paramsOf(task, inputs, settings));
  const checked = await checkedEngine(inputs, [plan], PITWALL, tools);
  if ("outcome" in checked) return checked;
  const startedAt = new Date().toISOString();
  // Before anything is asked: a file that has no such task is no reason to lose an hour of answers.
  const before = (await earlierRuns(inputs, checked, tools))(task.name, plan);
  if (before !== undefined) refuseOtherSamples(before, task);
  const outcomes = await asked(task, { inputs, settings, checked }, tools);
  if (outcomes === "cancelled") return await cancelled([plan], PITWALL, output);
  const minScore = leastOf(settings, checked);
  const result = resultOf({ task: task.name, ...task, outcomes, minScore, params: plan.params });
  const comparison = before === undefined ? undefined : comparisonWith(before, result);
  const report = reportOf({ ...checked, startedAt, evaluator: PITWALL }, [{ ...result, ...present({ comparison }) }]);
  await writeCell(output, cellOf(result, report));
  return { report, failures: [] };
}

/** @throws UserError where no sample can be compared, which only a file that was named can be */
function refuseOtherSamples({ name: earlier, wasRight }: Earlier, { name, samples }: Task): void {
  if (samples.some(({ id }) => wasRight(id) !== undefined)) return;
  throw new UserError(`${earlier} answered none of these samples of ${name}: there is nothing to compare`);
}

/** Whatever of it changes makes another series. */
function paramsOf(task: Task, { endpoint, seed }: CheckAccuracyInputs, settings: AccuracySettings): CellPlan["params"] {
  return {
    task: task.name,
    samples: setOf(task.samples),
    endpoint,
    temperature: settings.temperature ?? 0,
    maxTokens: settings.max_tokens ?? MAX_TOKENS,
    seed,
  };
}

interface Asking {
  inputs: CheckAccuracyInputs;
  settings: AccuracySettings;
  checked: CheckedEngine;
}

async function asked(
  { name, samples, matching }: Task,
  { inputs, settings, checked }: Asking,
  { report, signal }: Tools,
): Promise<SampleOutcome[] | "cancelled"> {
  const { baseUrl, model } = checked.engine;
  const { endpoint, seed, requestTimeout } = inputs;
  const progress = report.progress(`Asking samples of ${name}`, samples.length);
  const temperature = settings.temperature ?? 0;
  const maxTokens = settings.max_tokens ?? MAX_TOKENS;
  try {
    return await scoreSamples({
      ...{ baseUrl, samples, matching, requestTimeout, signal },
      asking: { endpoint, model, temperature, seed, maxTokens },
      concurrency: parallelOf(settings),
      onDone: (done) => progress.update(done),
    });
  } catch (error) {
    if (signal.aborted) return "cancelled";
    throw error;
  } finally {
    progress.end();
  }
}
