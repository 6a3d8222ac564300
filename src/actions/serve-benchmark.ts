import { serveBenchmark } from "../verbs/serve-benchmark/serve-benchmark.ts";
import { runAction } from "./run-action.ts";

await runAction(serveBenchmark);
