import { throughputBenchmark } from "../verbs/throughput-benchmark/throughput-benchmark.ts";
import { runAction } from "./run-action.ts";

await runAction(throughputBenchmark);
