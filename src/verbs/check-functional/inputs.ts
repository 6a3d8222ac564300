import { z } from "zod";
import { CAPABILITIES } from "../../functional/model/capabilities.ts";
import { homeInputs } from "../history/home.ts";
import { choice, cleanInput, commonInputs, fileList, flag, list, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer, seconds } from "../schema/number-fields.ts";
import { engineInputs } from "../start-engine/inputs.ts";

export const casesInput = text(
  "Cases of your own instead, in vllm_cibench's form, functional.yaml (default: VLLM_CIBENCH_FUNCTIONAL_CONFIG).",
  "FILE",
).optional();

/** How a served model is asked; shared with whoever asks cases of his own. */
export const askInputs = {
  ...inGroup("Engine", {
    baseUrl: text(
      "A running server's URL, with /v1 or without (default: the one start-engine recorded).",
      "URL",
    ).optional(),
    model: text("Model to name in requests (default: the server's own).", "NAME").optional(),
  }),
  ...inGroup("Cases (check-functional)", {
    capabilities: list(z.enum(CAPABILITIES))
      .meta({
        description:
          "What the server has, beside what it says itself, VLLM_CIBENCH_CAPABILITIES and the file of cases: cases that need it are run.",
        placeholder: "NAME,…",
      })
      .optional(),
    parallel: integer("Cases side by side.", { max: 256 }).default(8),
    caseRepeats: integer("How often a case that fails is asked again: one that then holds is flaky.", {
      min: 0,
      max: 100,
    })
      .meta({
        description: "How often a case that fails is asked again: one that then holds is flaky.",
        placeholder: "N",
        flag: "repeats",
      })
      .default(2),
  }),
  ...inGroup("Time limits", {
    caseTimeout: seconds("Seconds for one request.").default(60),
    startTimeout: engineInputs.startTimeout,
  }),
};

export const CheckFunctionalInputs = z.strictObject({
  ...commonInputs,
  ...cleanInput,
  ...askInputs,
  ...inGroup("Cases (check-functional)", {
    suite: choice(["openai"], "The shipped suite: what clients of OpenAI's API rely on.").default("openai"),
    only: fileList("Only cases whose ids begin with one of these, as in chat.stream.")
      .meta({ placeholder: "ID,…" })
      .optional(),
    cases: casesInput,
  }),
  ...inGroup("History", {
    against: text("An earlier functional.json: say what changed since.", "FILE").optional(),
    database: text(
      "The history, with #BRANCH or without: say since which run a case deviates, or that it comes and goes (default: none).",
      "PATH|URL|folder:PATH|origin",
    ).optional(),
    branch: homeInputs.branch,
    token: homeInputs.token,
  }),
  ...inGroup("Output", {
    junit: text("Write the results as JUnit XML, too.", "FILE").optional(),
    failOnSeverity: choice(["must", "should", "may", "never"], "")
      .meta({
        description: "The least severity of a deviation that fails the command; a server that dies fails it always.",
        placeholder: "must|should|may|never",
        flag: "fail-on",
      })
      .default("must"),
    listCases: flag("Only list the cases, with severity and what each needs.").default(false),
  }),
});
export type CheckFunctionalInputs = z.output<typeof CheckFunctionalInputs>;
