import { z } from "zod";
import {
  type Earlier,
  earlierCell,
  earlierResult,
  lastGood,
  type PastRun,
  sameCell,
} from "../../accuracy/report/earlier.ts";
import { AccuracyReport } from "../../accuracy/report/result.ts";
import { NoHistoryError, readContent } from "../../database/read/read.ts";
import { shownContent } from "../../database/read/shown.ts";
import { UserError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { type AcceptedChange, acceptedFor, restartsOf } from "../../verdict/accepted.ts";
import { historyHome } from "../history/home.ts";
import { baselineRef } from "../trigger/baseline.ts";
import { triggerFacts } from "../trigger/trigger.ts";
import type { CheckAccuracyInputs } from "./inputs.ts";

/** Whose an earlier run must be to be held against. */
interface Asked {
  model: string;
  simulated: boolean;
}

/**
 * Finds the earlier run of a task that its samples are compared with.
 * @throws UserError where a file that was named has none
 */
export type FindEarlier = (task: string, plan: CellPlan) => Earlier | undefined;

/**
 * Where an earlier run is looked for: a file, else the last good ones of the history, which is read once.
 * @throws UserError for a file that is none
 */
export async function earlierRuns(inputs: CheckAccuracyInputs, asked: Asked, tools: Tools): Promise<FindEarlier> {
  if (inputs.against !== undefined) return await fromFile(inputs.against);
  if (inputs.database === undefined) return () => undefined;
  return (await fromHistory(inputs, asked, tools)) ?? (() => undefined);
}

const Saved = z.union([AccuracyReport, Run]);

async function fromFile(path: string): Promise<FindEarlier> {
  const saved = await readJson(path, Saved);
  if (saved.schema === "pitwall.run/1") {
    return (_, plan) => {
      const cell = sameCell(saved, plan);
      if (cell !== undefined) return earlierCell(cell, `run ${saved.id}`);
      throw new UserError(`${path} has no ${plan.id} with the same samples and settings to compare with`);
    };
  }
  const { results, startedAt } = saved;
  return (task) => {
    const before = results.find((one) => one.task === task);
    if (before !== undefined) return earlierResult(before, `the run of ${startedAt}`);
    throw new UserError(`${path} has no task “${task}”: it has ${results.map((one) => one.task).join(", ")}`);
  };
}

/** A history that cannot be read must not cost the score that was just measured. */
async function fromHistory(
  inputs: CheckAccuracyInputs,
  { model, simulated }: Asked,
  tools: Tools,
): Promise<FindEarlier | undefined> {
  const { report, env, signal } = tools;
  try {
    const { source, token } = await historyHome(inputs, env);
    const { runs, records } = shownContent(await readContent(source, { env, token, signal }));
    const { trigger } = await triggerFacts({}, env);
    const ref = await baselineRef({ trigger }, inputs.baseline, env);
    const own = runs.filter(
      (run) => run.trigger.ref === ref && run.model.name === model && run.simulated === simulated,
    );
    return (_, plan) => {
      const good = lastGood(own.flatMap((run) => pastRun(run, plan, records.accepted)));
      if (good !== undefined) return earlierCell(good.cell, `run ${good.run.id}`);
      report.info(`no earlier run of ${ref ?? "no ref"} with the same samples of ${plan.id} to compare with`);
      return undefined;
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof UserError)) throw error;
    if (error instanceof NoHistoryError) report.info(`no history yet to compare with: ${error.message}`);
    else report.warning(`the answers were not compared with the history: ${error.message}`);
    return undefined;
  }
}

function pastRun(run: Run, plan: CellPlan, accepted: readonly AcceptedChange[]): PastRun[] {
  const cell = sameCell(run, plan);
  if (cell === undefined) return [];
  const judged = { cell: cell.id, metric: "score" as const, ref: run.trigger.ref };
  const restarts = restartsOf(judged, acceptedFor(run, accepted));
  return [{ run, cell, isAccepted: restarts.includes(Date.parse(run.startedAt)) }];
}
