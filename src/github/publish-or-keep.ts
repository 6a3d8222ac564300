import { existsSync } from "node:fs";
import { join } from "node:path";
import { publish } from "../verbs/publish/publish.ts";
import { defineVerb } from "../verbs/verb.ts";
import { keepUnpublished } from "./keep-unpublished.ts";
import { handOn } from "./step.ts";

/** Publishing as an action: what could not be pushed stays as an artifact of the workflow run. */
export const publishOrKeep = defineVerb({
  ...publish,
  async run(inputs, tools) {
    try {
      const outcome = await publish.run(inputs, tools);
      await keepUnpublished(outcome.outputs.unpublished);
      return outcome;
    } catch (error) {
      // Whatever went wrong, the runner is gone after the job, and the documents with it.
      const unpublished = (inputs.run ?? [join(inputs.output, "run.json")]).filter(existsSync);
      handOn("unpublished", unpublished);
      await keepUnpublished(unpublished);
      throw error;
    }
  },
});
