import { z } from "zod";
import { plainJson } from "../../foreign-text/plain.ts";
import { seedReports } from "../../functional/report/seed.ts";
import { holdSuite } from "../check-functional/hold-suite.ts";
import { askInputs, casesInput } from "../check-functional/inputs.ts";
import { chosenSuite } from "../check-functional/suite.ts";
import { commonInputs } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { defineVerb } from "../verb.ts";

export const runFunctional = defineVerb({
  name: "run-functional",
  description: "check-functional for the scripts of vllm_cibench: prints {chat, completions} as they read it.",
  inputs: z.strictObject({
    ...commonInputs,
    ...askInputs,
    ...inGroup("Cases (check-functional)", {
      cases: casesInput.unwrap().meta({ flag: "config" }).optional(),
    }),
  }),
  outputs: {},
  async run(inputs, tools) {
    const suite = await chosenSuite(inputs.cases, tools.env, "--config");
    if (suite.note !== undefined) tools.report.info(suite.note);
    const { done, answers } = await holdSuite(suite, inputs, tools);
    const json = seedReports(done.results, answers);
    return { ok: done.summary.deviates + done.summary.not_tested === 0, outputs: {}, json, text: plainJson(json) };
  },
});
