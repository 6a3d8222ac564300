import { resolve } from "node:path";
import { runAction } from "../../github/run-action.ts";
import { savePostState } from "../../github/state.ts";
import { scenario } from "../../verbs/scenario/scenario.ts";

await runAction(scenario, { beforeRun: ({ output }) => savePostState({ output: resolve(output) }) });
