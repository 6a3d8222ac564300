import type { Cell } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import type { Tools } from "../../tools.ts";
import { outcomeOf } from "../benchmark/cells-outcome.ts";
import { FRESH_FOLDER } from "../benchmark/prepare-folder.ts";
import { latencySweep } from "../latency-sweep/latency-sweep.ts";
import { planServing } from "../serve-benchmark/plan.ts";
import { serveBenchmark } from "../serve-benchmark/serve-benchmark.ts";
import { planStarts, startupBenchmark } from "../startup-benchmark/startup-benchmark.ts";
import { serverFor } from "../sweep/engine.ts";
import { type OfflineJob, runOffline, together } from "../sweep/offline-job.ts";
import { offlineEngine, planSweep, sweepLengths, sweepPlan } from "../sweep/plan.ts";
import { plannedThroughput } from "../sweep/throughput-plan.ts";
import { throughputBenchmark, throughputJob } from "../throughput-benchmark/throughput-benchmark.ts";
import type { Outcome } from "../verb.ts";
import { pick, type RunInputs } from "./inputs.ts";

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

/**
 * The same benchmarks, with one engine for sweep and throughput where both are offline. Not with a profiler in it, which
 * may slow whatever comes after.
 */
export function sharingEngines(
  benchmarks: readonly RunBenchmark[],
  mode: Mode,
  { profile }: RunInputs,
): RunBenchmark[] {
  const shared = [RUN_BENCHMARKS["latency-sweep"], RUN_BENCHMARKS["throughput-benchmark"]] as const;
  const isBoth = mode === "offline" && !profile && shared.every((one) => benchmarks.includes(one));
  return isBoth
    ? benchmarks.flatMap((one) => (one === shared[0] ? both(shared) : one === shared[1] ? [] : one))
    : [...benchmarks];
}

function both(shared: readonly [RunBenchmark, RunBenchmark]): RunBenchmark {
  return {
    title: "Latency sweep and throughput",
    plan: async (inputs, mode) => (await Promise.all(shared.map((one) => one.plan(inputs, mode)))).flat(),
    lengths: sweepLengths,
    hasOwnEngine: () => true,
    async run(inputs, mode, tools) {
      await serverFor({ ...inputs, mode }, [], tools);
      const throughput = throughputJob(pick(throughputBenchmark, inputs));
      const cells = await runOffline(
        "Sweep and throughput",
        together(sweepJob(inputs), throughput),
        FRESH_FOLDER,
        tools,
      );
      // The sweep lost the engine: that says nothing about these.
      const isLost = (cell: Cell) => cell.status === "skipped" && cell.reason !== "cancelled";
      const own = cells.filter((cell) => cell.benchmark === "throughput-benchmark");
      if (!own.every(isLost)) return outcomeOf(cells);
      const again = await runOffline("Throughput", throughput, FRESH_FOLDER, tools);
      return outcomeOf([...cells.filter((cell) => !own.includes(cell)), ...again]);
    },
  };
}

function sweepJob(inputs: RunInputs): OfflineJob {
  const own = pick(latencySweep, inputs);
  return { engine: offlineEngine(own), plan: sweepPlan(own), plans: planSweep(own, "offline") };
}

export const RUN_BENCHMARKS: Record<RunInputs["benchmarks"][number], RunBenchmark> = {
  "startup-benchmark": {
    title: "Start-up benchmark",
    plan: planStarts,
    lengths: () => [],
    hasOwnEngine: () => true,
    run: (inputs, _mode, tools) => startupBenchmark.run(pick(startupBenchmark, inputs), tools),
  },
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
