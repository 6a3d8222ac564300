import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { AccuracyReport } from "../../accuracy/report/result.ts";
import type { AccuracySettings } from "../../accuracy/settings/accuracy-file.ts";
import { writeJson } from "../../files.ts";
import { compactMoment } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { accuracyFile } from "../../working-folder/names.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { askTask } from "./ask-task.ts";
import { CheckAccuracyInputs } from "./inputs.ts";
import { outcomeOfReport, SWITCHED_OFF } from "./outcome.ts";
import { settingsOf } from "./settings.ts";

export const checkAccuracy = defineVerb({
  name: "check-accuracy",
  description:
    "Says whether a served model answers right: a score with its interval, and what changed sample by sample.",
  inputs: CheckAccuracyInputs,
  outputs: {
    score: "Right answers ÷ samples; empty where a sample was not answered.",
    samples: "Samples that were asked.",
    unanswered: "Samples without an answer.",
    gate: "Beside min-score: pass, fail or too_few_to_decide; off without one.",
    comparison: "Beside an earlier run: worse, better or no_difference_shown; empty without one.",
    accuracyFile: "Path of the whole report.",
  },
  async run(inputs, tools) {
    return await checkAccuracyWith(inputs, await settingsOf(inputs, tools.env), tools);
  },
});

/**
 * The check, by settings from wherever. Leaves `<out>/accuracy.json` and a cell.
 * @param settings a scenario's or accuracy.yaml's; those of the inputs' flags are in them already
 */
export async function checkAccuracyWith(
  inputs: CheckAccuracyInputs,
  settings: AccuracySettings,
  tools: Tools,
): Promise<Outcome> {
  if (settings.enabled === false) return SWITCHED_OFF;
  const { output, artifacts } = inputs;
  await using _hold = await holdFolder(output);
  await rm(accuracyFile(output), { force: true });
  const ask = isByLmEval(inputs, settings) ? (await import("./ask-lm-eval.ts")).askLmEval : askTask;
  const asked = await ask(inputs, settings, tools);
  if ("outcome" in asked) return asked.outcome;
  const { report, failures } = asked;
  await writeJson(accuracyFile(output), report);
  if (artifacts !== undefined) await writeArtifacts(artifacts, report);
  return outcomeOfReport(report, accuracyFile(output), failures);
}

/** A profile of vllm_cibench may name the tool. */
const isByLmEval = ({ evaluator }: CheckAccuracyInputs, { tool }: AccuracySettings) =>
  (evaluator ?? tool) === "lm-eval";

/** One result as it is; several in folders of their tasks. */
async function writeArtifacts(folder: string, { finishedAt, results }: AccuracyReport): Promise<void> {
  const own = join(folder, compactMoment(finishedAt));
  for (const result of results) {
    const name = results.length === 1 ? "." : result.task.replaceAll(/[^A-Za-z0-9._-]/g, "_");
    await writeJson(join(own, name, "result.json"), result);
  }
}
