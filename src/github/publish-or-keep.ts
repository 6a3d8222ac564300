import { publish, UnpublishedError } from "../verbs/publish.ts";
import { defineVerb } from "../verbs/verb.ts";
import { keepUnpublished } from "./keep-unpublished.ts";

/** Publishing as an action: what could not be pushed stays as an artifact of the workflow run. */
export const publishOrKeep = defineVerb({
  ...publish,
  async run(inputs, tools) {
    try {
      const outcome = await publish.run(inputs, tools);
      await keepUnpublished(outcome.outputs.unpublished);
      return outcome;
    } catch (error) {
      if (error instanceof UnpublishedError) await keepUnpublished(error.files);
      throw error;
    }
  },
});
