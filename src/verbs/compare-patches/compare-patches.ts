import { UsageError } from "../../errors.ts";
import { defineVerb } from "../verb.ts";
import { ComparePatchesInputs } from "./inputs.ts";
import { reportOn } from "./report.ts";

export const comparePatches = defineVerb({
  name: "compare-patches",
  description: "Compares agents' patches with the commits of humans, and both with the commits before.",
  inputs: ComparePatchesInputs,
  outputs: {
    commits: "Commits in the report.",
    complete: "Those of which baseline, human and an agent have numbers.",
    wins: "Patches that beat the human's commit by the published rule; with several agents those of each, as NAME=COUNT.",
    report: "The report as JSON.",
  },
  async run(inputs, tools) {
    if (inputs.results === undefined) throw new UsageError("--results DIR says what to report on");
    return await reportOn(inputs.results, inputs, tools);
  },
});
