import { existsSync } from "node:fs";
import { writeJson } from "../../files.ts";
import { present } from "../../result/present.ts";
import { type Catalogue, readableMatrix, scenarioNamed } from "../../scenario/catalogue.ts";
import { type Stages, stagesOf } from "../../scenario/matrix.ts";
import { isGood, resultOf, resultText, type ScenarioResult } from "../../scenario/result.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Tools } from "../../tools.ts";
import { emptyFolder, setAside } from "../../working-folder/contents.ts";
import { cellsFolder, runFile, scenarioFile } from "../../working-folder/names.ts";
import { checkAccuracy } from "../check-accuracy/check-accuracy.ts";
import { checkFunctional } from "../check-functional/check-functional.ts";
import { postProcess } from "../post-process/post-process.ts";
import { publish } from "../publish/publish.ts";
import { pushMetrics } from "../push-metrics/push-metrics.ts";
import { serveBenchmark } from "../serve-benchmark/serve-benchmark.ts";
import { startEngine } from "../start-engine/start-engine.ts";
import type { Outcome, Verb } from "../verb.ts";
import { catalogueOf } from "./catalogue.ts";
import type { ScenarioInputs } from "./inputs.ts";
import { checkAnswers } from "./stages/accuracy.ts";
import { cleanUp } from "./stages/clean-up.ts";
import { checkCases } from "./stages/functional.ts";
import { gate, signRun } from "./stages/gate.ts";
import { refuseStrayInputs, stageInputs } from "./stages/given.ts";
import { measure } from "./stages/performance.ts";
import { push } from "./stages/push.ts";
import { makeReady } from "./stages/ready.ts";
import { StageLog } from "./stages/stage.ts";
import { scenarioSummary } from "./summary.ts";

/** `scenario run`: one of them. @throws UsageError naming the choices */
export async function runNamed(inputs: ScenarioInputs, id: string, tools: Tools): Promise<Outcome> {
  const catalogue = await catalogueOf(inputs);
  const scenario = scenarioNamed(id, catalogue);
  const result = await runScenario(scenario, catalogue, inputs, tools);
  return {
    ok: result.good,
    outputs: {
      good: result.good,
      failed: result.good ? [] : [id],
      pushed: result.pushed,
      resultFile: scenarioFile(inputs.output),
      runFile: result.run_file ?? null,
    },
    json: result,
    text: resultText(result),
    summary: scenarioSummary([result]),
  };
}

export const VERBS_OF_STAGES: readonly Pick<Verb, "inputs">[] = [
  ...[startEngine, checkFunctional, serveBenchmark, checkAccuracy],
  ...[postProcess, publish, pushMetrics],
];

const AFTER_READY = ["functional", "performance", "accuracy", "gate", "push", "publish"] as const;

/**
 * Every stage of a scenario, clean-up always; what happens in one is its own end and never an exception.
 * @throws UsageError before the first one, for inputs that no stage has, or a matrix that cannot be read
 */
export async function runScenario(
  scenario: Scenario,
  catalogue: Catalogue,
  inputs: ScenarioInputs,
  tools: Tools,
): Promise<ScenarioResult> {
  const { output, runType } = inputs;
  refuseStrayInputs(scenario, VERBS_OF_STAGES);
  const wanted = stagesOf(readableMatrix(catalogue), scenario.id, runType);
  const log = new StageLog(tools);
  await makeRoom(inputs, tools);
  try {
    const isReady = await log.run("ready", () => makeReady(scenario, inputs, tools));
    if (isReady) await doStages(scenario, { catalogue, wanted, inputs, log }, tools);
    else for (const stage of AFTER_READY) log.skip(stage, "not ready");
  } finally {
    await log.run("clean-up", () => cleanUp(scenario, output, tools));
  }
  const head = { scenario: scenario.id, run_type: runType, base_url: log.found.base_url ?? null };
  const result = resultOf(head, log.ends, log.found);
  await writeJson(scenarioFile(output), result);
  return result;
}

interface Context {
  catalogue: Catalogue;
  wanted: Stages;
  inputs: ScenarioInputs;
  log: StageLog;
}

async function doStages(scenario: Scenario, { catalogue, wanted, inputs, log }: Context, tools: Tools): Promise<void> {
  const { output, runType } = inputs;
  const place = { output, runType, folder: catalogue.folder, env: tools.env };
  const isMock = scenario.perf?.mode === "mock";
  const { functional: cases } = wanted;
  if (cases === false) log.skip("functional", "by the matrix");
  else await log.run("functional", () => checkCases(scenario, { ...inputs, folder: catalogue.folder, cases }, tools));
  if (!wanted.perf || isMock)
    log.skip("performance", isMock ? "mode mock: numbers are not made up here; give mode real" : "by the matrix");
  else await log.run("performance", () => measure(scenario, place, tools));
  if (wanted.accuracy)
    await log.run("accuracy", () => checkAnswers(scenario, { ...inputs, folder: catalogue.folder }, tools));
  else log.skip("accuracy", "by the matrix");
  if (existsSync(cellsFolder(output))) await log.run("gate", () => gate(scenario, inputs, tools));
  else log.skip("gate", "nothing was measured");
  if (!existsSync(runFile(output))) {
    for (const stage of ["push", "publish"] as const) log.skip(stage, "nothing was measured");
    return;
  }
  await log.run("push", () =>
    push(scenario, { output, runType, dryRun: inputs.dryRun, gateway: gatewayOf(inputs) }, tools),
  );
  await keep(scenario, { inputs, log }, tools);
}

/** The document with how the scenario ended goes to the history, if there is one to write to. */
async function keep(scenario: Scenario, { inputs, log }: Pick<Context, "inputs" | "log">, tools: Tools): Promise<void> {
  const { output, runType, database, branch, token, dryRun } = inputs;
  await signRun(output, { id: scenario.id, runType, good: isGood(log.ends) });
  if (database === undefined || dryRun) return log.skip("publish", dryRun ? "this is a dry run" : "no --database");
  await log.run("publish", async () => {
    const decided = { output, run: [runFile(output)], database, branch, token };
    const { ok } = await publish.run(stageInputs(publish, scenario, { decided, env: tools.env }), tools);
    return { state: ok ? "ok" : "failed", detail: ok ? undefined : `not published: it is kept in ${runFile(output)}` };
  });
}

const gatewayOf = ({ gatewayUrl, gatewayUser, gatewayPassword, mainRepository }: ScenarioInputs) =>
  present({ gatewayUrl, gatewayUser, gatewayPassword, mainRepository });

async function makeRoom({ output, clean }: ScenarioInputs, { report }: Tools): Promise<void> {
  if (clean) await emptyFolder(output);
  const earlier = clean ? undefined : await setAside(output);
  if (earlier !== undefined) report.info(`what lay in ${output} was moved to ${earlier}`);
}
