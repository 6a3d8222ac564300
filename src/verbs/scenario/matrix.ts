import { join } from "node:path";
import { messageOf, UsageError } from "../../errors.ts";
import { readableMatrix, scenarioNamed } from "../../scenario/catalogue.ts";
import { scenariosOf } from "../../scenario/matrix.ts";
import { resultOf, resultText, type ScenarioResult } from "../../scenario/result.ts";
import type { Tools } from "../../tools.ts";
import type { Outcome } from "../verb.ts";
import { catalogueOf } from "./catalogue.ts";
import type { ScenarioInputs } from "./inputs.ts";
import { runScenario } from "./run.ts";
import { scenarioSummary } from "./summary.ts";

/** Every scenario of the run type, each in a working folder of its own; one that fails or is broken stops no other. */
export async function runMatrix(inputs: ScenarioInputs, tools: Tools): Promise<Outcome> {
  const { runType, output } = inputs;
  const catalogue = await catalogueOf(inputs);
  const ids = scenariosOf(readableMatrix(catalogue), runType);
  if (ids.length === 0) {
    throw new UsageError(`the matrix in ${catalogue.folder} has no scenario for run type ${runType}`);
  }
  const results: Record<string, ScenarioResult> = {};
  for (const id of ids) {
    if (tools.signal.aborted) break;
    results[id] = await tools.report.group(id, async () => {
      try {
        const own = { ...inputs, output: join(output, id) };
        return await runScenario(scenarioNamed(id, catalogue), catalogue, own, tools);
      } catch (error) {
        return broken(id, messageOf(error), inputs);
      }
    });
  }
  const all = Object.values(results);
  const failed = ids.filter((id) => results[id]?.good !== true);
  return {
    ok: failed.length === 0,
    outputs: { good: failed.length === 0, failed, pushed: all.some(({ pushed }) => pushed) },
    json: results,
    text: all.map(resultText).join("\n\n"),
    summary: scenarioSummary(all),
  };
}

/** A scenario whose file says nothing that could be run. */
function broken(id: string, detail: string, { runType }: ScenarioInputs): ScenarioResult {
  const ready = { stage: "ready", state: "failed", detail, seconds: 0 } as const;
  return resultOf({ scenario: id, run_type: runType, base_url: null }, [ready], {});
}
