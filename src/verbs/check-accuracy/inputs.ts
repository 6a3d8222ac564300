import { z } from "zod";
import { FORMATS } from "../../accuracy/samples/read-samples.ts";
import { homeInputs } from "../history/home.ts";
import { postProcessInputs } from "../post-process/post-process.ts";
import { choice, cleanInput, commonInputs, flag, list, text, words } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer, numberBetween, seconds, seed } from "../schema/number-fields.ts";
import { servingInputs } from "../serve-benchmark/inputs.ts";

export const CheckAccuracyInputs = z.strictObject({
  ...commonInputs,
  ...cleanInput,
  ...inGroup("Engine", {
    baseUrl: servingInputs.baseUrl,
    model: servingInputs.model,
  }),
  ...inGroup("Samples (check-accuracy)", {
    accuracyTask: text(
      "Name of the task. smoke asks questions that pitwall brings: whether the model answers in its right mind, no benchmark (default: smoke, or samples for a file of your own).",
      "NAME",
    )
      .meta({ flag: "task" })
      .optional(),
    samplesFile: text("Samples of your own: a JSON array, or a JSON object a line.", "FILE").optional(),
    samplesFormat: choice(FORMATS, "What the file holds (default: by its name).").optional(),
    maxSamples: integer("Ask only the first so many.").optional(),
    strip: flag("White space around an answer, and a full stop at its end, do not count (default: true).").optional(),
    caseInsensitive: flag("Capital letters do not count (default: false; for smoke true).").optional(),
    accuracyConfig: text(
      "accuracy.yaml: task, samples, limits (default: VLLM_CIBENCH_ACCURACY_CONFIG of the environment).",
      "FILE",
    ).optional(),
    accuracyProfile: text("A profile of it, as for pr or daily: what accuracy.yaml leaves open.", "FILE").optional(),
  }),
  ...inGroup("Samples (check-accuracy)", {
    evaluator: choice(
      ["pitwall", "lm-eval"],
      "Who asks: pitwall, or lm-eval with its own tasks, a program on PATH or in PITWALL_LM_EVAL (default: pitwall).",
    ).optional(),
    tasks: list(z.string().min(1))
      .meta({ description: "Tasks or groups of lm-eval.", placeholder: "TASK,…", repeatable: true })
      .optional(),
    lmEvalArgs: words("More arguments for lm-eval, like --include_path tasks; they are part of the cell.").default([]),
    lmEvalModelArgs: text("More of its --model_args, like tokenizer=NAME.", "NAME=VALUE,…").optional(),
  }),
  ...inGroup("Questions and answers (check-accuracy)", {
    endpoint: choice(["chat", "completions"], "Where samples are asked (default: chat).").default("chat"),
    temperature: numberBetween(0, 2, "Temperature of the answers (default: 0).").optional(),
    maxTokens: integer("Most tokens of an answer; a model that reasons needs thousands (default: 128).").optional(),
    seed: seed("Seed that goes with each request.").default(0),
    parallel: integer("Samples asked at once (default: 8).", { max: 1024 }).optional(),
  }),
  ...inGroup("Score (check-accuracy)", {
    minScore: numberBetween(0, 1, "Least score, from 0 to 1; 0 is no gate (default: 0).").optional(),
    against: text(
      "accuracy.json or run document of an earlier run, to compare with sample by sample.",
      "FILE",
    ).optional(),
  }),
  ...inGroup("History", {
    database: postProcessInputs.database,
    branch: homeInputs.branch,
    token: homeInputs.token,
    baseline: postProcessInputs.baseline,
  }),
  ...inGroup("Time limits", {
    startTimeout: servingInputs.startTimeout,
    requestTimeout: seconds("Seconds until a sample counts as not answered.").default(600),
  }),
  ...inGroup("Output", {
    artifacts: text("Also write each result as DIR/<UTC time>/result.json.", "DIR").optional(),
  }),
});
export type CheckAccuracyInputs = z.output<typeof CheckAccuracyInputs>;
