import { existsSync } from "node:fs";
import { join } from "node:path";
import { AccuracyReport, type TaskResult } from "../../../accuracy/report/result.ts";
import { AccuracySettings, layered, readAccuracyFile } from "../../../accuracy/settings/accuracy-file.ts";
import { checked } from "../../../checked.ts";
import { UsageError } from "../../../errors.ts";
import { readJson } from "../../../files.ts";
import { mistakeLines } from "../../../mistakes.ts";
import type { RunType } from "../../../scenario/matrix.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import type { Tools } from "../../../tools.ts";
import { accuracyFile } from "../../../working-folder/names.ts";
import { checkAccuracy, checkAccuracyWith } from "../../check-accuracy/check-accuracy.ts";
import { ACCURACY_VARIABLE } from "../../check-accuracy/settings.ts";
import { stageInputs } from "./given.ts";
import type { Found } from "./stage.ts";

interface Wanted {
  output: string;
  /** That of the files. */
  folder: string;
  runType: RunType;
  database?: string | undefined;
  branch?: string | undefined;
  token?: string | undefined;
}

/** Asks the samples of the scenario, and holds the score against its gate and the last good run. */
export async function checkAnswers(scenario: Scenario, wanted: Wanted, tools: Tools): Promise<Found> {
  const { output, folder, runType, database, branch, token } = wanted;
  const settings = await settingsOf(scenario, { folder, runType, env: tools.env });
  if (settings.enabled === false) return { state: "skipped", detail: "accuracy.yaml says enabled: false" };
  const artifacts = join(output, "artifacts", "accuracy", scenario.id);
  const decided = { output, artifacts, ...(database === undefined ? {} : { database, branch, token }) };
  const inputs = stageInputs(checkAccuracy, scenario, { decided, env: tools.env });
  const { ok, text } = await checkAccuracyWith(inputs, settings, tools);
  if (!existsSync(accuracyFile(output))) {
    if (text !== undefined) tools.report.info(text);
    // The last line says what is wrong; before it is a table, which is none in a line.
    return { state: "failed", detail: text?.trimEnd().split("\n").at(-1) ?? "nothing was asked" };
  }
  const { results } = await readJson(accuracyFile(output), AccuracyReport);
  const { samples: _, ...result } = results[0]!;
  return { state: ok ? "ok" : "failed", detail: shortText(result), found: { accuracy: result } };
}

function shortText({ task, score, correct, answered, total, gate }: Omit<TaskResult, "samples">): string {
  if (score === undefined) return `${task}: ${total - answered} of ${total} samples have no answer`;
  return `${task}: ${correct} of ${total} right, gate ${gate.replaceAll("_", " ")}`;
}

/** What stands under `accuracy` of a scenario. @throws UsageError */
export function ownSettings({ id, accuracy }: Scenario): AccuracySettings | undefined {
  const given = accuracy === undefined ? undefined : checked(AccuracySettings, accuracy);
  if (given?.success === false) throw new UsageError(`scenario ${id}: accuracy: ${mistakeLines(given.error)}`);
  return given?.data;
}

/**
 * What the scenario says, before the file that the environment names, before configs/tests/accuracy.yaml; a profile for the run
 * type, configs/tests/accuracy/<run type>.yaml, overrides no file that was named. @throws UsageError
 */
async function settingsOf(
  scenario: Scenario,
  { folder, runType, env }: { folder: string; runType: RunType; env: NodeJS.ProcessEnv },
): Promise<AccuracySettings> {
  const given = ownSettings(scenario);
  const variable = env[ACCURACY_VARIABLE];
  const named = variable ? await readAccuracyFile(variable, ACCURACY_VARIABLE) : undefined;
  const ifThere = async (path: string) => (existsSync(path) ? await readAccuracyFile(path) : undefined);
  const profile = await ifThere(join(folder, "tests", "accuracy", `${runType}.yaml`));
  const standard = await ifThere(join(folder, "tests", "accuracy.yaml"));
  return layered({ given, named, profile, standard });
}
