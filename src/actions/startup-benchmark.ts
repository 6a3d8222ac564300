import { resolve } from "node:path";
import { runAction } from "../github/run-action.ts";
import { savePostState } from "../github/state.ts";
import { startupBenchmark } from "../verbs/startup-benchmark/startup-benchmark.ts";

/** Its post step stops what a cancelled job left no time to stop. */
await runAction(startupBenchmark, { beforeRun: ({ output }) => savePostState({ output: resolve(output) }) });
