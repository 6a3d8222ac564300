import { resolve } from "node:path";
import { runWithArtifact } from "../github/run-with-artifact.ts";
import { savePostState } from "../github/state.ts";
import { runAction } from "./run-action.ts";

await runAction(runWithArtifact, { beforeRun: ({ output }) => savePostState({ output: resolve(output) }) });
