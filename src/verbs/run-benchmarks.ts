import type { CellPlan } from "./cell-plan.ts";
import { latencySweep, planSweep, sweepLengths } from "./latency-sweep.ts";
import { pick, type RunInputs } from "./run-inputs.ts";
import { serveBenchmark } from "./serve-benchmark.ts";
import { planServing } from "./serving-plan.ts";
import { throughputBenchmark } from "./throughput-benchmark.ts";
import { plannedThroughput } from "./throughput-plan.ts";
import type { Outcome, Tools } from "./verb.ts";

/** Where a benchmark that knows both ways runs: in a process of its own, or against the server. */
type Mode = "offline" | "server";

/** How a run does one of its benchmarks. */
export interface RunBenchmark {
  title: string;
  /** @throws UsageError when the inputs do not fit together */
  plan(inputs: RunInputs, mode: Mode): CellPlan[] | Promise<CellPlan[]>;
  /** What it asks the engine's context to hold, in tokens. */
  lengths(inputs: RunInputs): { inputLen: number; outputLen: number }[];
  /** Whether it starts engines of its own: then it comes before the server, which would hold the GPU. */
  hasOwnEngine(mode: Mode): boolean;
  run(inputs: RunInputs, mode: Mode, tools: Tools): Promise<Outcome>;
}

export const RUN_BENCHMARKS: Record<RunInputs["benchmarks"][number], RunBenchmark> = {
  "latency-sweep": {
    title: "Latency sweep",
    plan: planSweep,
    lengths: sweepLengths,
    hasOwnEngine: (mode) => mode === "offline",
    run: (inputs, mode, tools) => latencySweep.run({ ...pick(latencySweep, inputs), mode }, tools),
  },
  "throughput-benchmark": {
    title: "Throughput",
    plan: (inputs, mode) => plannedThroughput(inputs, mode).map(({ plan }) => plan),
    lengths: sweepLengths,
    hasOwnEngine: (mode) => mode === "offline",
    run: (inputs, mode, tools) => throughputBenchmark.run({ ...pick(throughputBenchmark, inputs), mode }, tools),
  },
  "serve-benchmark": {
    title: "Serve benchmark",
    plan: planServing,
    lengths: ({ pairs }) => pairs,
    hasOwnEngine: () => false,
    run: (inputs, _mode, tools) => serveBenchmark.run(pick(serveBenchmark, inputs), tools),
  },
};
