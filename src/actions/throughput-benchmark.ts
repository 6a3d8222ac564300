import { runAction } from "../github/run-action.ts";
import { throughputBenchmark } from "../verbs/throughput-benchmark/throughput-benchmark.ts";

await runAction(throughputBenchmark);
