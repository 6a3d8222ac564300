import { runAction } from "../github/run-action.ts";
import { serveBenchmark } from "../verbs/serve-benchmark/serve-benchmark.ts";

await runAction(serveBenchmark);
