import type { z } from "zod";
import { UsageError } from "../../errors.ts";
import { type SweepCell, sizeLimit } from "../../latency/sweep.ts";
import { throughputCells } from "../../latency/sweep-cells.ts";
import type { ServingCell } from "../../load/strategy/serving-cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { seedFor } from "../../workload/random.ts";
import { checkGrid } from "../benchmark/cell-size.ts";
import { followInput } from "../benchmark/follow.ts";
import { cleanInput, commonInputs } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { benchmarkTimeout, integerList, seconds } from "../schema/number-fields.ts";
import { servingInputs } from "../serve-benchmark/inputs.ts";
import { checkBatch, latencyInputs } from "./plan.ts";

const { model, mode, baseUrl, engineArgs, startTimeout, workingDir, envScript, onOom } = latencyInputs;
const { inputLen, outputLen, seed, detokenize, n, temperature, topP } = latencyInputs;
const { warmupRequests, repeats, telemetry, sampleInterval, clientThreads, clientLimits } = servingInputs;

/** What sweep and serving have too means the same here, so that `run` can have all three. */
export const throughputInputs = {
  ...commonInputs,
  ...cleanInput,
  ...followInput,
  ...{ model, mode, baseUrl, engineArgs, startTimeout, workingDir, envScript, onOom },
  ...inGroup("Batches (latency-sweep, throughput-benchmark)", {
    throughputPrompts: integerList("Requests that the engine is handed at once; several give a grid.").default([1000]),
  }),
  ...{ inputLen, outputLen, n, temperature, topP, detokenize, repeats, warmupRequests, seed },
  ...inGroup("Time limits", {
    throughputTimeout: seconds(
      "Seconds until a throughput cell counts as failed when not all its requests are answered.",
    ).default(3600),
    benchmarkTimeout,
  }),
  ...{ telemetry, sampleInterval, clientThreads, clientLimits },
};
export type ThroughputInputs = z.output<z.ZodObject<typeof throughputInputs>>;
type Mode = "offline" | "server";

/** vLLM's own benchmark has none; ten let kernels be chosen and caches be filled. */
const WARMUP_REQUESTS = 10;

interface ThroughputCell {
  plan: CellPlan;
  cell: SweepCell;
}

/**
 * The cells of a throughput benchmark, those first that need the least memory.
 * @throws UsageError when the inputs do not fit together
 */
export function plannedThroughput(inputs: ThroughputInputs, mode: Mode): ThroughputCell[] {
  refuseContradictions(inputs, mode);
  const { inputLen, outputLen, n, detokenize, seed, repeats } = inputs;
  const { throughputPrompts: batchSizes, throughputTimeout: timeoutSeconds } = inputs;
  const warmupRequests = inputs.warmupRequests ?? WARMUP_REQUESTS;
  const [temperature, topP] = [[...new Set(inputs.temperature)], [...new Set(inputs.topP)]];
  const axes = { batchSizes, inputLen, outputLen, n, temperature, topP, detokenize, beamSearch: false };
  // The driver turns it off, as in the sweep, unless it is asked for.
  const caching: CellPlan["params"] =
    mode === "offline" ? { prefixCaching: inputs.engineArgs.includes("--enable-prefix-caching") } : {};
  checkGrid([batchSizes, inputLen, outputLen, n, temperature, topP]);
  return throughputCells(axes, { repeats, warmupRequests, timeoutSeconds }).map((cell) => {
    checkBatch(cell);
    const { beamSearch: _, ...sampling } = cell.sampling;
    const lengths = { inputLen: cell.inputLen, outputLen: cell.outputLen, numPrompts: cell.batchSize };
    const params = { mode, ...lengths, warmupRequests, seed, ...sampling, ...caching };
    return { cell, plan: { id: cell.id, benchmark: "throughput-benchmark", params } };
  });
}

function refuseContradictions({ temperature, topP, n, detokenize }: ThroughputInputs, mode: Mode): void {
  if (temperature.includes(0) && n.some((sequences) => sequences > 1)) {
    throw new UsageError("--temperature 0 gives the same sequence each time: leave out --n");
  }
  const offlineOnly = {
    "--n": n.some((sequences) => sequences !== 1),
    "--top-p": topP.some((share) => share !== 1),
    "--no-detokenize": !detokenize,
  };
  const asked = Object.entries(offlineOnly).flatMap(([flag, isAsked]) => (isAsked ? [flag] : []));
  if (mode === "server" && asked.length > 0) {
    throw new UsageError(
      `throughput with ${asked.join(", ")} needs the offline engine: --mode offline, or leave it out`,
    );
  }
}

/** The same cells for our load generator, which sends all requests at once. */
export function throughputLoads(inputs: ThroughputInputs): ServingCell[] {
  const { repeats } = inputs;
  return plannedThroughput(inputs, "server").map(({ plan, cell }) => ({
    plan,
    load: {
      load: { kind: "open-loop", arrivals: { kind: "rate", requestRate: Number.POSITIVE_INFINITY, burstiness: 1 } },
      bound: { kind: "requests", count: cell.batchSize },
      prompts: {
        kind: "random",
        inputLen: cell.inputLen,
        outputLen: cell.outputLen,
        rangeRatio: 0,
        sharedPrefix: 0,
      },
      endpoint: "completions",
      continuousUsage: false,
      // Cells must not share prompts: a prefix cache would serve the later ones.
      seed: seedFor(`${inputs.seed}:${plan.id}`),
      temperature: cell.sampling.temperature,
      warmupRequests: cell.burst!.warmupRequests,
      requestTimeoutSeconds: inputs.throughputTimeout,
    },
    strategy: repeats > 1 ? { kind: "repeat", times: repeats } : { kind: "once" },
    limitSeconds: sizeLimit(cell, inputs.benchmarkTimeout),
    slos: [],
  }));
}
