import { resolve } from "node:path";
import { EngineError } from "../engine/engine-error.ts";
import { tellFindings } from "../github/findings.ts";
import { runAction } from "../github/run-action.ts";
import { savePostState } from "../github/state.ts";
import { startEngine } from "../verbs/start-engine/start-engine.ts";

await runAction(startEngine, {
  beforeRun: ({ output }) => savePostState({ output: resolve(output) }),
  async afterFailure({ engine, port, image }, problem) {
    if (
      engine !== "remote" &&
      engine !== "kubernetes" &&
      problem instanceof EngineError &&
      problem.reason !== "cancelled"
    ) {
      await tellFindings({ engine, port, image });
    }
  },
});
