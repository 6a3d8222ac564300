import { compare } from "../verbs/compare/compare.ts";
import { flag } from "../verbs/schema/fields.ts";
import { inGroup } from "../verbs/schema/groups.ts";
import { defineVerb } from "../verbs/verb.ts";

const commentInputs = inGroup("Output", {
  comment: flag(
    "Put the result below the pull request: one comment, written anew by later runs. The token must be able to write pull requests.",
  ).default(false),
});

/** Comparing as an action: it can also tell the pull request that the job is about. */
export const compareWithComment = defineVerb({
  ...compare,
  inputs: compare.inputs.safeExtend(commentInputs),
  async run({ comment, ...inputs }, tools) {
    const outcome = await compare.run(inputs, tools);
    if (comment && outcome.summary !== undefined) {
      // The client of GitHub's API is large: it is loaded only here, where it is needed.
      const { commentOnPull } = await import("./pull-comment.ts");
      await commentOnPull({ name: "compare", text: outcome.summary, token: inputs.token }, tools.env);
    }
    return outcome;
  },
});
