import { waitForAnswer } from "../../../engine/server/wait-for-answer.ts";
import { UsageError } from "../../../errors.ts";
import { engineInputsOf, engineKindOf } from "../../../scenario/engine-inputs.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import type { Tools } from "../../../tools.ts";
import { camelCase } from "../../schema/field-meta.ts";
import { startEngine } from "../../start-engine/start-engine.ts";
import { stageInputs } from "./given.ts";
import type { Found } from "./stage.ts";

interface Wanted {
  output: string;
  timeout?: number | undefined;
}

/** Starts the engine, or waits until the one at the base URL has its model. */
export async function makeReady(scenario: Scenario, { output, timeout }: Wanted, tools: Tools): Promise<Found> {
  const kind = engineKindOf(scenario, tools.env);
  const derived = engineInputsOf(scenario, kind);
  const decided = { output, ...(timeout === undefined ? {} : { startTimeout: timeout }) };
  const env = { ...tools.env, ...scenario.env };
  const { report, signal } = tools;
  const inputs = stageInputs(startEngine, scenario, { decided, derived, env });
  // A server of a scenario is started beside it as often as before it.
  if (inputs.engine === "remote" && inputs.baseUrl !== undefined) {
    const { baseUrl, startTimeout } = inputs;
    inputs.startTimeout = Math.ceil(await waitForAnswer({ baseUrl, limitSeconds: startTimeout }, { report, signal }));
  }
  const { outputs } = await startEngine.run(inputs, { report, signal, env });
  const { logFile } = outputs;
  const log = typeof logFile === "string" ? { service_log: logFile } : {};
  return { state: "ok", found: { base_url: String(outputs.baseUrl), ...log } };
}

/** @throws UsageError for a scenario whose server nobody can find */
export function refuseNoServer(scenario: Scenario, env: NodeJS.ProcessEnv): void {
  const { id, base_url, inputs = {} } = scenario;
  const isNamed =
    base_url !== undefined || Object.keys(inputs).some((key) => ["baseUrl", "engine"].includes(camelCase(key)));
  if (isNamed || env.PITWALL_BASE_URL || engineKindOf(scenario, env) !== "remote") return;
  throw new UsageError(`scenario ${id}: base_url: is missing: nothing else says where the server is`);
}
