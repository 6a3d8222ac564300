import { resolve } from "node:path";
import { savePostState } from "../github/state.ts";
import { startupBenchmark } from "../verbs/startup-benchmark/startup-benchmark.ts";
import { runAction } from "./run-action.ts";

/** Its post step stops what a cancelled job left no time to stop. */
await runAction(startupBenchmark, { beforeRun: ({ output }) => savePostState({ output: resolve(output) }) });
