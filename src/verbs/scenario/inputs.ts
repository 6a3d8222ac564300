import { z } from "zod";
import { Matrix, RUN_TYPES } from "../../scenario/matrix.ts";
import { flattened, ID, type Scenario, ScenarioEntry } from "../../scenario/scenario.ts";
import { homeInputs } from "../history/home.ts";
import { PushMetricsInputs } from "../push-metrics/inputs.ts";
import { bareWords, choice, cleanInput, commonInputs, flag, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { seconds } from "../schema/number-fields.ts";
import { yamlValue } from "../schema/yaml-value.ts";

const { gatewayUrl, gatewayUser, gatewayPassword, mainRepository } = PushMetricsInputs.shape;

/** By their ids, as the files have them. */
const Scenarios = z
  .record(z.string().regex(ID), ScenarioEntry)
  .transform(
    (entries): Record<string, Scenario> =>
      Object.fromEntries(Object.entries(entries).map(([id, entry]) => [id, flattened({ id, ...entry })])),
  );

export const ScenarioInputs = z.strictObject({
  ...commonInputs,
  ...cleanInput,
  ...inGroup("What to do", {
    task: bareWords(
      "plan: say what a run would do; run: one scenario; matrix: all of a run type; validate: every file below the root; " +
        "new ID: write a scenario's file.",
    ),
    scenario: text("Id of the scenario.", "ID").optional(),
    runType: choice(RUN_TYPES, "Occasion: decides the stages, the load, and whether numbers may be pushed.").default(
      "pr",
    ),
    dryRun: flag("Push and publish nothing; all else is done.").default(false),
    root: text("Folder with configs/scenarios/*.yaml, configs/matrix.yaml and configs/tests/.", "DIR").default("."),
    scenarios: yamlValue(Scenarios, "Scenarios by their ids, beside those of files.").default({}),
    matrix: yamlValue(Matrix, "Stages of each scenario per run type, before those of the matrix file.").default({}),
  }),
  ...inGroup("Time limits", {
    timeout: seconds(
      "Seconds until the model must answer (default: startup_timeout_seconds of the scenario, else 300).",
    ).optional(),
  }),
  ...{ gatewayUrl, gatewayUser, gatewayPassword, mainRepository },
  ...inGroup("History", homeInputs),
});
export type ScenarioInputs = z.output<typeof ScenarioInputs>;
