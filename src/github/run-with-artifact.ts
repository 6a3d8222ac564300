import { run } from "../verbs/run.ts";
import { defineVerb } from "../verbs/verb.ts";
import { artifactInputs, uploadArtifact } from "./artifact.ts";

/** The pipeline as the root action: it also keeps the working folder as an artifact of the workflow run. */
export const runWithArtifact = defineVerb({
  ...run,
  inputs: run.inputs.safeExtend(artifactInputs),
  async run({ artifactName, retentionDays, ...inputs }, tools) {
    try {
      return await run.run(inputs, tools);
    } finally {
      if (artifactName !== undefined) {
        await uploadArtifact({ name: artifactName, folder: inputs.output, retentionDays });
      }
    }
  },
});
