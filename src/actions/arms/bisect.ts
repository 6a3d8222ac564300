import { resolve } from "node:path";
import { runAction } from "../../github/run-action.ts";
import { savePostState } from "../../github/state.ts";
import { bisect } from "../../verbs/bisect/bisect.ts";

/** Its post step stops what a cancelled job left no time to stop. */
await runAction(bisect, { beforeRun: ({ output }) => savePostState({ output: resolve(output) }) });
