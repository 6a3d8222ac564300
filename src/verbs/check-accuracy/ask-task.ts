import { cellOf, planOf } from "../../accuracy/report/cell-of.ts";
import { comparisonWith } from "../../accuracy/report/earlier.ts";
import type { AccuracyReport } from "../../accuracy/report/result.ts";
import { resultOf } from "../../accuracy/report/result-of.ts";
import { setOf } from "../../accuracy/sample.ts";
import { type SampleOutcome, scoreSamples } from "../../accuracy/score-samples.ts";
import type { AccuracySettings } from "../../accuracy/settings/accuracy-file.ts";
import { type Task, taskOf } from "../../accuracy/settings/task.ts";
import { EngineError, orEngineError } from "../../engine/engine-error.ts";
import { resolveEngine } from "../../engine/record.ts";
import { UserError } from "../../errors.ts";
import { PITWALL } from "../../package-root.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { CANCELLED } from "../../result/document/reason.ts";
import { unmeasuredCell } from "../../result/document/unmeasured-cell.ts";
import { present } from "../../result/present.ts";
import { modelFacts } from "../../result/series/model-facts.ts";
import type { Tools } from "../../tools.ts";
import { writeCell } from "../../working-folder/cells.ts";
import { recordDeadEngine } from "../benchmark/dead-engine.ts";
import { prepareFolder } from "../benchmark/prepare-folder.ts";
import type { Outcome } from "../verb.ts";
import { earlierRun } from "./earlier-run.ts";
import type { CheckAccuracyInputs } from "./inputs.ts";
import { unaskedOutcome } from "./outcome.ts";

/** The seed of vllm_cibench's profile for pull requests. */
const MAX_TOKENS = 128;
const PARALLEL = 8;

/** Asks all samples of a task and leaves its cell. @returns the report, or how it ended where there was no engine to ask */
export async function askTask(
  inputs: CheckAccuracyInputs,
  settings: AccuracySettings,
  tools: Tools,
): Promise<{ report: AccuracyReport } | { outcome: Outcome }> {
  const { output } = inputs;
  const task = await taskOf(settings);
  const plan = planOf(task.name, paramsOf(task, inputs, settings));
  const engine = await orEngineError(resolveEngine(inputs, tools));
  await prepareFolder(inputs, [plan], { kind: "server", engine }, tools);
  if (engine instanceof EngineError) {
    return { outcome: unaskedOutcome(await recordDeadEngine([plan], PITWALL, engine, output)) };
  }
  const startedAt = new Date().toISOString();
  const simulated = isSimulated(engine);
  const model = modelFacts(engine.model, engine.args, engine.dtype).name;
  const earlier = await earlierRun(inputs, { plan, model, simulated }, tools);
  const outcomes = await asked(task, { inputs, settings, engine }, tools);
  if (outcomes === "cancelled") {
    const cell = unmeasuredCell(plan, PITWALL, CANCELLED, new Date());
    await writeCell(output, cell);
    return { outcome: unaskedOutcome([cell]) };
  }
  const minScore = simulated ? 0 : (settings.min_score ?? 0);
  const result = resultOf({ task: task.name, ...task, outcomes, minScore, params: plan.params });
  const before = earlier?.(result);
  const comparison = before === undefined ? undefined : comparisonWith(before, result);
  const report: AccuracyReport = {
    schema: "pitwall.accuracy/1",
    startedAt,
    finishedAt: new Date().toISOString(),
    model,
    engine: { kind: engine.kind, version: engine.version },
    simulated,
    evaluator: PITWALL,
    results: [{ ...result, ...present({ comparison }) }],
  };
  await writeCell(output, cellOf(result, report));
  return { report };
}

/** As run documents have it. */
const isSimulated = ({ kind, version }: EngineRecord) => kind === "simulated" || (version ?? "").includes("simulated");

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
  engine: EngineRecord;
}

async function asked(
  { name, samples, matching }: Task,
  { inputs, settings, engine }: Asking,
  { report, signal }: Tools,
): Promise<SampleOutcome[] | "cancelled"> {
  const { baseUrl, model } = engine;
  const { endpoint, seed, requestTimeout } = inputs;
  if (baseUrl === null) throw new UserError("the recorded engine serves no requests; run start-engine first");
  const progress = report.progress(`Accuracy, ${name}`, samples.length);
  const temperature = settings.temperature ?? 0;
  const maxTokens = settings.max_tokens ?? MAX_TOKENS;
  try {
    return await scoreSamples({
      ...{ baseUrl, samples, matching, requestTimeout, signal },
      asking: { endpoint, model, temperature, seed, maxTokens },
      concurrency: settings.num_threads ?? PARALLEL,
      onDone: (done) => progress.update(done),
    });
  } catch (error) {
    if (signal.aborted) return "cancelled";
    throw error;
  } finally {
    progress.end();
  }
}
