import { kubectlOf, manifestArguments } from "../../../engine/kubernetes/plan.ts";
import { messageOf, UserError } from "../../../errors.ts";
import { kubectlPrints } from "../../../machine/kubernetes/client.ts";
import { engineKindOf } from "../../../scenario/engine-inputs.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import type { Tools } from "../../../tools.ts";
import { startEngine } from "../../start-engine/start-engine.ts";
import { stageInputs } from "./given.ts";
import type { Found } from "./stage.ts";

/**
 * Stops what was started for the scenario, then deletes what its k8s_delete_yaml, or VLLM_CIBENCH_K8S_DELETE_YAML, names; what is
 * not there is no mistake. A cancelled job cleans up, too: it has that much time.
 */
export async function cleanUp(scenario: Scenario, output: string, { report, env }: Tools): Promise<Found> {
  const tools: Tools = { report, env, signal: new AbortController().signal };
  const decided = { output, stop: true };
  const inputs = stageInputs(startEngine, { ...scenario, inputs: {} }, { decided, env: {} });
  // An engine that cannot be stopped must not keep what else is in the cluster.
  const notStopped = await failureOf(startEngine.run(inputs, tools));
  const detail = await deleteNamed(scenario, tools).catch((error: unknown) => {
    throw notStopped === undefined ? error : new UserError(`${notStopped}; ${messageOf(error)}`, { cause: error });
  });
  if (notStopped !== undefined) throw new UserError([notStopped, detail].filter(Boolean).join("; "));
  return { state: "ok", detail };
}

const failureOf = (work: Promise<unknown>): Promise<string | undefined> => work.then(() => undefined, messageOf);

/** @returns what kubectl says, undefined where nothing is named */
async function deleteNamed(scenario: Scenario, tools: Tools): Promise<string | undefined> {
  const file = scenario.k8s_delete_yaml ?? (tools.env.VLLM_CIBENCH_K8S_DELETE_YAML || undefined);
  if (file === undefined || (engineKindOf(scenario, tools.env) !== "kubernetes" && scenario.mode === "local"))
    return undefined;
  const namespace = scenario.k8s?.namespace;
  const place = namespace === undefined ? [] : ["--namespace", namespace];
  const args = ["delete", ...manifestArguments(file), ...place, "--ignore-not-found"];
  const said = await kubectlPrints(`${file} cannot be deleted`, kubectlOf(tools.env), args, tools);
  return said.trim().replaceAll("\n", "; ") || `nothing of ${file} was there`;
}
