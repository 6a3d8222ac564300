import { z } from "zod";
import { checked } from "../../checked.ts";
import { UsageError } from "../../errors.ts";
import { mistakeLines } from "../../mistakes.ts";
import type { CellParams } from "../../result/document/cell.ts";
import { present } from "../../result/present.ts";
import type { RunInputs } from "../run/inputs.ts";

const count = z.number();
const numberOrInfinite = z.union([z.number(), z.literal("inf").transform(() => Number.POSITIVE_INFINITY)]);

/** Parameters of cells that inputs have; whatever else a cell has must come out of those. */
const Known = z
  .object({
    mode: z.enum(["offline", "server"]),
    ...{ inputLen: count, outputLen: count, seed: count },
    ...{ batchSize: count, iterations: count, warmup: count, beamSearch: z.boolean() },
    ...{ n: count, temperature: z.number(), topP: z.number(), detokenize: z.boolean() },
    ...{ requestRate: numberOrInfinite, burstiness: numberOrInfinite, concurrency: count, maxConcurrency: count },
    ...{ numPrompts: count, durationS: z.number(), warmupRequests: count },
    cache: z.enum(["cold", "warm"]),
  })
  .partial();
type Known = z.infer<typeof Known>;

/** The inputs of `run` that a cell was asked for with, as far as its parameters tell. @throws UsageError */
export function loadOf(benchmark: string, params: CellParams): Partial<RunInputs> {
  const known = checked(Known, params);
  if (!known.success) throw new UsageError(`its parameters are none of \`run\`:\n${mistakeLines(known.error)}`);
  const load = LOADS[benchmark];
  if (load === undefined) throw new UsageError(`${benchmark} is nothing that \`run\` measures`);
  return load(known.data);
}

const LOADS: Readonly<Record<string, (params: Known) => Partial<RunInputs>>> = {
  "latency-sweep": (params) => ({
    benchmarks: ["latency-sweep"],
    ...listed({ batchSizes: params.batchSize, inputLen: params.inputLen, outputLen: params.outputLen, n: params.n }),
    ...present({ iterations: params.iterations, warmup: params.warmup, useBeamSearch: params.beamSearch }),
    ...(params.beamSearch ? {} : samplingOf(params)),
    ...present({ mode: params.mode, seed: params.seed }),
  }),
  "throughput-benchmark": (params) => ({
    benchmarks: ["throughput-benchmark"],
    ...listed({
      throughputPrompts: params.numPrompts,
      inputLen: params.inputLen,
      outputLen: params.outputLen,
      n: params.n,
    }),
    ...samplingOf(params),
    ...present({ mode: params.mode, seed: params.seed, warmupRequests: params.warmupRequests }),
  }),
  "serve-benchmark": ({ inputLen, outputLen, requestRate, concurrency, durationS, ...params }) => ({
    benchmarks: ["serve-benchmark"],
    ...(inputLen === undefined || outputLen === undefined ? {} : { pairs: [{ inputLen, outputLen }] }),
    ...listed({ requestRate, concurrency }),
    ...present({ duration: durationS, numPrompts: params.numPrompts, warmupRequests: params.warmupRequests }),
    ...present({ burstiness: params.burstiness, maxConcurrency: params.maxConcurrency }),
  }),
  "startup-benchmark": ({ cache, iterations = 1 }) => ({
    benchmarks: ["startup-benchmark"],
    ...(cache === "cold" ? { coldStarts: iterations, warmStarts: 0 } : { coldStarts: 0, warmStarts: iterations }),
  }),
};

/** A search of beams has no sampling. */
const samplingOf = ({ temperature, topP, detokenize }: Known): Partial<RunInputs> => ({
  ...listed({ temperature, topP }),
  ...present({ detokenize }),
});

/** Inputs that are lists, of one value each; of those that are there. */
function listed<T extends Record<string, number | undefined>>(values: T): { [K in keyof T]?: number[] } {
  const there = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there.map(([key, value]) => [key, [value]])) as { [K in keyof T]?: number[] };
}
