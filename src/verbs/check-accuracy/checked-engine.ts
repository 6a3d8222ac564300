import type { AccuracyReport, TaskResult } from "../../accuracy/report/result.ts";
import type { AccuracySettings } from "../../accuracy/settings/accuracy-file.ts";
import { EngineError, orEngineError } from "../../engine/engine-error.ts";
import { resolveEngine } from "../../engine/record.ts";
import { UserError } from "../../errors.ts";
import type { Cell } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { CANCELLED, type Failure } from "../../result/document/reason.ts";
import { unmeasuredCell } from "../../result/document/unmeasured-cell.ts";
import { modelFacts } from "../../result/series/model-facts.ts";
import type { Tools } from "../../tools.ts";
import { writeCell } from "../../working-folder/cells.ts";
import { recordDeadEngine } from "../benchmark/dead-engine.ts";
import { prepareFolder } from "../benchmark/prepare-folder.ts";
import type { Outcome } from "../verb.ts";
import type { CheckAccuracyInputs } from "./inputs.ts";
import { unaskedOutcome } from "./outcome.ts";

/** A report, with what could not be asked beside it; or how a check ended that asked nothing. */
export type CheckEnd = { report: AccuracyReport; failures: Failure[] } | { outcome: Outcome };

type Client = Cell["client"];

/** The engine that is checked. */
export interface CheckedEngine {
  engine: EngineRecord & { baseUrl: string };
  /** The model's name in the history. */
  model: string;
  /** As run documents have it. */
  simulated: boolean;
}

/** Finds the engine and makes the folder ready for the cells. @returns how it ended where there is no engine */
export async function checkedEngine(
  inputs: CheckAccuracyInputs,
  plans: readonly CellPlan[],
  client: Client,
  tools: Tools,
): Promise<CheckedEngine | { outcome: Outcome }> {
  const found = await orEngineError(resolveEngine(inputs, tools));
  await prepareFolder(inputs, plans, { kind: "server", engine: found }, tools);
  if (found instanceof EngineError) {
    return { outcome: unaskedOutcome(await recordDeadEngine(plans, client, found, inputs.output)) };
  }
  const { kind, version, model, args, dtype, baseUrl } = found;
  if (baseUrl === null) throw new UserError("the recorded engine serves no requests; run start-engine first");
  return {
    engine: { ...found, baseUrl },
    model: modelFacts(model, args, dtype).name,
    simulated: kind === "simulated" || (version ?? "").includes("simulated"),
  };
}

const PARALLEL = 8;

export const parallelOf = ({ num_threads }: AccuracySettings) => num_threads ?? PARALLEL;

/** The least score; of a simulated engine there is none, for no model answered. */
export const leastOf = ({ min_score = 0 }: AccuracySettings, { simulated }: CheckedEngine) =>
  simulated ? 0 : min_score;

/** Leaves cells that say why nothing of them was answered. */
export async function unasked(
  plans: readonly CellPlan[],
  client: Client,
  { output, failure }: { output: string; failure: Failure },
): Promise<{ outcome: Outcome }> {
  const cells = plans.map((plan) => unmeasuredCell(plan, client, failure, new Date()));
  for (const cell of cells) await writeCell(output, cell);
  return { outcome: unaskedOutcome(cells) };
}

export const cancelled = (plans: readonly CellPlan[], client: Client, output: string) =>
  unasked(plans, client, { output, failure: CANCELLED });

interface Checked extends CheckedEngine {
  startedAt: string;
  evaluator: Client;
}

export function reportOf(checked: Checked, results: TaskResult[]): AccuracyReport {
  const { engine, model, simulated, startedAt, evaluator } = checked;
  return {
    schema: "pitwall.accuracy/1",
    startedAt,
    finishedAt: new Date().toISOString(),
    model,
    engine: { kind: engine.kind, version: engine.version },
    ...{ simulated, evaluator, results },
  };
}
