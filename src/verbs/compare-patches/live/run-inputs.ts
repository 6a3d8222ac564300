import { RunInputs } from "../../run/inputs.ts";
import type { Parameters } from "../parameters.ts";

/** What of the command's own inputs engines of all arms share. */
export type Shared = Pick<RunInputs, "startTimeout" | "gpus" | "shmSize" | "dockerArgs">;

/**
 * A run's inputs that measure with these parameters, in a container, and do nothing else.
 * @param shared may hold more, which is left out
 */
export function runInputsFor(parameters: Parameters, shared: Shared): RunInputs {
  const { model, engineArgs, variables, seed, timeoutSeconds } = parameters;
  const { startTimeout, gpus, shmSize } = shared;
  const dockerArgs = [...shared.dockerArgs, ...variables.flatMap((variable) => ["-e", variable])];
  return RunInputs.parse({
    ...{
      startTimeout,
      gpus,
      shmSize,
      engine: "docker",
      model,
      engineArgs,
      dockerArgs,
      seed,
      benchmarkTimeout: timeoutSeconds,
    },
    // A server of somebody else at the usual port is no reason to measure nothing.
    port: 0,
    // One that has no memory for its context makes it smaller for all arms.
    onOom: "shrink",
    ...loadInputs(parameters),
  });
}

function loadInputs(parameters: Parameters): Partial<Record<keyof RunInputs, unknown>> {
  const { benchmark, requests, inputLen, outputLen, concurrency, warmupRequests } = parameters;
  const lengths = { inputLen: [inputLen], outputLen: [outputLen] };
  if (benchmark === "latency") {
    const batch = { batchSizes: [concurrency], iterations: requests, warmup: warmupRequests };
    return { benchmarks: ["latency-sweep"], ...lengths, ...batch };
  }
  if (benchmark === "throughput") {
    const { timeoutSeconds: throughputTimeout } = parameters;
    return {
      benchmarks: ["throughput-benchmark"],
      ...lengths,
      throughputPrompts: [requests],
      warmupRequests,
      throughputTimeout,
    };
  }
  return {
    benchmarks: ["serve-benchmark"],
    pairs: [`${inputLen}:${outputLen}`],
    ...{ numPrompts: requests, warmupRequests, endpoint: parameters.endpoint },
    ...{
      requestRate: [parameters.requestRate === Number.POSITIVE_INFINITY ? "inf" : parameters.requestRate],
      maxConcurrency: concurrency,
    },
    ...(benchmark === "prefix_caching" ? { sharedPrefix: Math.floor(inputLen / 2) } : {}),
  };
}
