import { resolve } from "node:path";
import { compareWithComment } from "../../github/compare-with-comment.ts";
import { runAction } from "../../github/run-action.ts";
import { savePostState } from "../../github/state.ts";
import { LIVE_OUTPUT } from "../../verbs/compare/inputs.ts";

/** Its post step stops what a cancelled job left no time to stop. */
await runAction(compareWithComment, {
  beforeRun: ({ output = LIVE_OUTPUT }) => savePostState({ output: resolve(output) }),
});
