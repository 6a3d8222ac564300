import { kubectlOf, manifestArguments } from "../../../engine/kubernetes/plan.ts";
import { kubectlPrints } from "../../../machine/kubernetes/client.ts";
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
  await startEngine.run(stageInputs(startEngine, { ...scenario, inputs: {} }, { decided, env: {} }), tools);
  const file = scenario.k8s_delete_yaml ?? (env.VLLM_CIBENCH_K8S_DELETE_YAML || undefined);
  if (file === undefined || scenario.mode === "local") return { state: "ok" };
  const namespace = scenario.k8s?.namespace;
  const place = namespace === undefined ? [] : ["--namespace", namespace];
  const args = ["delete", ...manifestArguments(file), ...place, "--ignore-not-found"];
  const said = await kubectlPrints(`${file} cannot be deleted`, kubectlOf(env), args, tools);
  return { state: "ok", detail: said.trim().replaceAll("\n", "; ") || `nothing of ${file} was there` };
}
