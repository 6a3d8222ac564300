import { z } from "zod";
import { Matrix, RUN_TYPES } from "../../scenario/matrix.ts";
import { flattened, ID, type Scenario, ScenarioEntry } from "../../scenario/scenario.ts";
import { homeInputs } from "../history/home.ts";
import { PushMetricsInputs } from "../push-metrics/inputs.ts";
import { bareWords, choice, cleanInput, commonInputs, flag, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer, seconds } from "../schema/number-fields.ts";
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
        "new ID: write a scenario's file; manifest NAME: spread the experiments of pitwall.yml over a cluster.",
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
  ...inGroup("Kubernetes", {
    image: text("With manifest: image of its pods, with vLLM, Node 20 or newer and git.", "IMAGE").optional(),
    shards: integer("With manifest: pods, each of which runs one part of the experiments.").default(1),
    gpus: integer("With manifest: GPUs of each pod.", { min: 0 }).default(1),
    namespace: text("With manifest: namespace of the Job.", "NAME").optional(),
    tokenSecret: text("With manifest: secret whose key token opens the repository.", "NAME").optional(),
    file: text("With manifest: file to write (default: the terminal).", "FILE").optional(),
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
