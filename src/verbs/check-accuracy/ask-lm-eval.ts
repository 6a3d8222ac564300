import { rm } from "node:fs/promises";
import { join } from "node:path";
import { lmEvalResults } from "../../accuracy/lm-eval/results-of.ts";
import { type LmEvalEnd, runLmEval } from "../../accuracy/lm-eval/run-lm-eval.ts";
import { cellOf, planOf } from "../../accuracy/report/cell-of.ts";
import { comparisonWith } from "../../accuracy/report/earlier.ts";
import type { TaskResult } from "../../accuracy/report/result.ts";
import { type AccuracySettings, mostSamples } from "../../accuracy/settings/accuracy-file.ts";
import { UsageError, UserError } from "../../errors.ts";
import type { CellParams } from "../../result/document/cell.ts";
import type { Failure } from "../../result/document/reason.ts";
import { present } from "../../result/present.ts";
import type { Tools } from "../../tools.ts";
import { readCells, writeCell } from "../../working-folder/cells.ts";
import { cellsFolder } from "../../working-folder/names.ts";
import {
  type CheckEnd,
  type CheckedEngine,
  cancelled,
  checkedEngine,
  leastOf,
  parallelOf,
  reportOf,
  unasked,
} from "./checked-engine.ts";
import { earlierRuns, type FindEarlier } from "./earlier-run.ts";
import type { CheckAccuracyInputs } from "./inputs.ts";

const UNKNOWN = { kind: "lm-eval", version: "unknown" };

/**
 * Has lm-eval ask its tasks, one after the other, and leaves a cell for each metric and filter of each.
 * @returns the report; or how it ended where nothing has a score: no engine, a cancelled run, an lm-eval that failed
 */
export async function askLmEval(
  inputs: CheckAccuracyInputs,
  settings: AccuracySettings,
  tools: Tools,
): Promise<CheckEnd> {
  const { output } = inputs;
  const tasks = inputs.tasks ?? (settings.task === undefined ? [] : [settings.task]);
  if (tasks.length === 0) throw new UsageError("--evaluator lm-eval needs --tasks, as lm-eval names them");
  const asked = paramsOf(inputs, settings);
  const plans = tasks.map((task) => planOf(task, { task, evaluator: "lm-eval", ...asked }));
  const checked = await checkedEngine(inputs, plans, UNKNOWN, tools);
  if ("outcome" in checked) return checked;
  const find = await earlierRuns(inputs, checked, tools);
  const startedAt = new Date().toISOString();
  const results: TaskResult[] = [];
  const failures: Failure[] = [];
  let evaluator = UNKNOWN;
  for (const [index, task] of tasks.entries()) {
    await forgetTask(task, output);
    tools.report.info(`lm-eval asks ${task}: ${output}/logs has what it says`);
    const end = await runTask(task, checked, { inputs, settings }, tools);
    if (end === "cancelled") return await cancelled(plans.slice(index), UNKNOWN, output);
    if ("failure" in end) {
      failures.push(end.failure);
      await unasked([plans[index]!], UNKNOWN, { output, failure: end.failure });
      continue;
    }
    evaluator = { kind: "lm-eval", version: end.version };
    for (const { name, why } of end.leftOut) tools.report.info(`left out of the scores: ${name}: ${why}`);
    const minScore = leastOf(settings, checked);
    const own = lmEvalResults({ ...end, minScore, params: asked }).map((one) => compared(one, find, tools));
    const report = reportOf({ ...checked, startedAt, evaluator }, own);
    for (const one of own) await writeCell(output, cellOf(one, report));
    results.push(...own);
  }
  if (failures.length > 0 && results.length === 0) {
    return await unasked(plans, UNKNOWN, { output, failure: failures[0]! });
  }
  return { report: reportOf({ ...checked, startedAt, evaluator }, results), failures };
}

/** Whatever of it changes makes another series; what lm-eval itself says of a task comes to it. */
function paramsOf(
  { endpoint, lmEvalArgs, lmEvalModelArgs }: CheckAccuracyInputs,
  settings: AccuracySettings,
): CellParams {
  const args = lmEvalArgs.length === 0 ? undefined : lmEvalArgs.join(" ");
  return { endpoint, ...present({ limit: mostSamples(settings), args, modelArgs: lmEvalModelArgs }) };
}

/** What an earlier run found of a task may be under names that it has no more. */
async function forgetTask(task: string, output: string): Promise<void> {
  const cells = (await readCells(output)).filter(
    ({ benchmark, client }) => benchmark === "check-accuracy" && client.kind === "lm-eval",
  );
  const isOf = (name: unknown) => name === task || String(name).startsWith(`${task}_`);
  for (const { id, params } of cells) {
    if (isOf(params.task)) await rm(join(cellsFolder(output), `${id}.json`), { force: true });
  }
}

async function runTask(
  task: string,
  { engine }: CheckedEngine,
  { inputs, settings }: { inputs: CheckAccuracyInputs; settings: AccuracySettings },
  { env, signal }: Tools,
): Promise<LmEvalEnd | { failure: Failure } | "cancelled"> {
  const { endpoint, requestTimeout, lmEvalArgs: args, lmEvalModelArgs: modelArgs, output } = inputs;
  const concurrency = parallelOf(settings);
  const limit = mostSamples(settings);
  const call = { task, engine, endpoint, concurrency, requestTimeout, limit, args, modelArgs, output, env, signal };
  try {
    return await runLmEval(call);
  } catch (error) {
    if (signal.aborted) return "cancelled";
    throw error;
  }
}

/** A task that an earlier file does not have, such as a new filter, has nothing to be compared with. */
function compared(result: TaskResult, find: FindEarlier, { report }: Tools): TaskResult {
  try {
    const before = find(result.task, planOf(result.task, result.params));
    const comparison = before === undefined ? undefined : comparisonWith(before, result);
    return { ...result, ...present({ comparison }) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    report.warning(error.message);
    return result;
  }
}
