import { run } from "../verbs/run/run.ts";
import { defineVerb } from "../verbs/verb.ts";
import { artifactInputs, uploadArtifact } from "./artifact.ts";
import { keepUnpublished } from "./keep-unpublished.ts";

/** The pipeline as the root action: it also keeps the working folder as an artifact of the workflow run. */
export const runWithArtifact = defineVerb({
  ...run,
  inputs: run.inputs.safeExtend(artifactInputs),
  async run({ artifactName, retentionDays, ...inputs }, tools) {
    try {
      const outcome = await run.run(inputs, tools);
      if (artifactName === undefined) await keepUnpublished(outcome.outputs.unpublished);
      return outcome;
    } finally {
      if (artifactName !== undefined) {
        await uploadArtifact({ name: artifactName, folder: inputs.output, retentionDays });
      }
    }
  },
});
