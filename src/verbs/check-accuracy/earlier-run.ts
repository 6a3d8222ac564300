import { z } from "zod";
import { type Earlier, earlierCell, earlierResult, lastGood, sameCell } from "../../accuracy/report/earlier.ts";
import { AccuracyReport, type TaskResult } from "../../accuracy/report/result.ts";
import { NoHistoryError, readContent } from "../../database/read/read.ts";
import { shownContent } from "../../database/read/shown.ts";
import { UserError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { acceptedFor, restartsOf } from "../../verdict/accepted.ts";
import { historyHome } from "../history/home.ts";
import { baselineRef } from "../trigger/baseline.ts";
import { triggerFacts } from "../trigger/trigger.ts";
import type { CheckAccuracyInputs } from "./inputs.ts";

/** Whose an earlier run must be to be held against. */
export interface Asked {
  plan: CellPlan;
  model: string;
  simulated: boolean;
}

/**
 * The earlier run that samples are compared with: a file's, else the last good one of the history.
 * @returns undefined where none was asked for, or there is none
 * @throws UserError for a file that is none, or has no such task
 */
export async function earlierRun(
  inputs: CheckAccuracyInputs,
  asked: Asked,
  tools: Tools,
): Promise<((result: TaskResult) => Earlier | undefined) | undefined> {
  if (inputs.against !== undefined) return await fromFile(inputs.against, asked);
  if (inputs.database === undefined) return undefined;
  const found = await fromHistory(inputs, asked, tools);
  return found === undefined ? undefined : () => found;
}

const Saved = z.union([AccuracyReport, Run]);

async function fromFile(path: string, { plan }: Asked) {
  const saved = await readJson(path, Saved);
  if (saved.schema === "pitwall.run/1") {
    const cell = sameCell(saved, plan);
    if (cell !== undefined) return () => earlierCell(cell, `run ${saved.id}`);
    throw new UserError(`${path} has no ${plan.id} with the same samples and settings to compare with`);
  }
  const { results, startedAt } = saved;
  return ({ task }: TaskResult) => {
    const before = results.find((one) => one.task === task);
    if (before !== undefined) return earlierResult(before, `the run of ${startedAt}`);
    throw new UserError(`${path} has no task “${task}”: it has ${results.map((one) => one.task).join(", ")}`);
  };
}

/** A history that cannot be read must not cost the score that was just measured. */
async function fromHistory(inputs: CheckAccuracyInputs, asked: Asked, tools: Tools): Promise<Earlier | undefined> {
  const { report, env, signal } = tools;
  try {
    const { source, token } = await historyHome(inputs, env);
    const { runs, records } = shownContent(await readContent(source, { env, token, signal }));
    const { trigger } = await triggerFacts({}, env);
    const ref = await baselineRef({ trigger }, inputs.baseline, env);
    const past = runs.flatMap((run) => {
      const { model, simulated } = run;
      const isOther = run.trigger.ref !== ref || model.name !== asked.model || simulated !== asked.simulated;
      const cell = isOther ? undefined : sameCell(run, asked.plan);
      if (cell === undefined) return [];
      const judged = { cell: cell.id, metric: "score" as const, ref };
      const restarts = restartsOf(judged, acceptedFor(run, records.accepted));
      return [{ run, cell, isAccepted: restarts.includes(Date.parse(run.startedAt)) }];
    });
    const good = lastGood(past);
    if (good === undefined) report.info(`no earlier run of ${ref ?? "no ref"} with the same samples to compare with`);
    return good === undefined ? undefined : earlierCell(good.cell, `run ${good.run.id}`);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    if (error instanceof NoHistoryError) report.info(`no history yet to compare with: ${error.message}`);
    else report.warning(`the answers were not compared with the history: ${error.message}`);
    return undefined;
  }
}
