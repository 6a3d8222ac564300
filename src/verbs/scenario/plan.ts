import { readableMatrix, scenarioNamed } from "../../scenario/catalogue.ts";
import { engineKindOf } from "../../scenario/engine-inputs.ts";
import { stagesOf } from "../../scenario/matrix.ts";
import type { Tools } from "../../tools.ts";
import type { Outcome } from "../verb.ts";
import { catalogueOf } from "./catalogue.ts";
import type { ScenarioInputs } from "./inputs.ts";
import { profileOf } from "./stages/performance.ts";

/** `{"scenario","run_type","plan"}`, as vllm_cibench prints it. @throws UsageError naming the choices */
export async function showPlan(inputs: ScenarioInputs, id: string, { env }: Tools): Promise<Outcome> {
  const catalogue = await catalogueOf(inputs);
  const scenario = scenarioNamed(id, catalogue);
  const stages = stagesOf(readableMatrix(catalogue), id, inputs.runType);
  const { profile } = await profileOf(scenario, inputs.runType, { folder: catalogue.folder, env });
  const load = stages.perf ? { profile } : {};
  const plan = { engine: engineKindOf(scenario, env), ...stages, ...load };
  const json = { scenario: id, run_type: inputs.runType, plan };
  return { ok: true, outputs: {}, json, text: JSON.stringify(json, null, 2) };
}
