import { resolve } from "node:path";
import { tellFindings } from "../github/findings.ts";
import { runAction } from "../github/run-action.ts";
import { runWithArtifact } from "../github/run-with-artifact.ts";
import { savePostState } from "../github/state.ts";

await runAction(runWithArtifact, {
  beforeRun: ({ output }) => savePostState({ output: resolve(output) }),
  async afterOutcome({ engine, port, image }, { startFailed }) {
    if (startFailed && engine !== "remote" && engine !== "kubernetes") await tellFindings({ engine, port, image });
  },
});
