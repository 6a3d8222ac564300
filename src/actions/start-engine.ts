import { resolve } from "node:path";
import { savePostState } from "../github/state.ts";
import { startEngine } from "../verbs/start-engine.ts";
import { runAction } from "./run-action.ts";

await runAction(startEngine, { beforeRun: ({ output }) => savePostState({ output: resolve(output) }) });
