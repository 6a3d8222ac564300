import type { RunType } from "../../../scenario/matrix.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import type { Tools } from "../../../tools.ts";
import { runFile } from "../../../working-folder/names.ts";
import type { PushMetricsInputs } from "../../push-metrics/inputs.ts";
import { pushMetrics } from "../../push-metrics/push-metrics.ts";
import { stageInputs } from "./given.ts";
import type { Found } from "./stage.ts";

interface Wanted {
  output: string;
  runType: RunType;
  dryRun: boolean;
  /** What the command says of the gateway; absent is left to scenario, environment and defaults. */
  gateway: Partial<PushMetricsInputs>;
}

/** Pushes the numbers of the run document where its rules allow it; that they do not is no failure, and is said. */
export async function push(
  scenario: Scenario,
  { output, runType, dryRun, gateway }: Wanted,
  tools: Tools,
): Promise<Found> {
  const decided = { output, runType, dryRun, scenario: scenario.id, run: [runFile(output)] };
  // The names of the scenario, as vllm_cibench labels its numbers; a server may call its model otherwise.
  const { model, quant } = scenario;
  const derived = { label: [`model=${model}`, ...(quant === undefined ? [] : [`quant=${quant}`])] };
  const resolved = stageInputs(pushMetrics, scenario, { decided, derived, env: tools.env });
  const { ok, outputs } = await pushMetrics.run({ ...resolved, ...gateway }, tools);
  const detail = `${outputs.numbers} numbers in ${outputs.groups} groups, read back`;
  if (outputs.pushed === true) return { state: "ok", detail, found: { pushed: true } };
  const reason = String(outputs.reason ?? "the gateway refuses some of the numbers");
  return { state: ok ? "skipped" : "failed", detail: reason, found: { push_reason: reason } };
}
