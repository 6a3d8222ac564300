import { resolve } from "node:path";
import { EngineError } from "../engine/engine-error.ts";
import { tellFindings } from "../github/findings.ts";
import { savePostState } from "../github/state.ts";
import { startEngine } from "../verbs/start-engine/start-engine.ts";
import { runAction } from "./run-action.ts";

await runAction(startEngine, {
  beforeRun: ({ output }) => savePostState({ output: resolve(output) }),
  async afterFailure({ engine, port, image }, problem) {
    if (engine !== "remote" && problem instanceof EngineError && problem.reason !== "cancelled") {
      await tellFindings({ engine, port, image });
    }
  },
});
