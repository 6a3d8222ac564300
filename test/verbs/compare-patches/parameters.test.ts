import { describe, expect, test } from "vitest";
import type { CommitPair } from "../../../src/images/specs/commit-mapping.ts";
import { runInputsFor } from "../../../src/verbs/compare-patches/live/run-inputs.ts";
import { parametersOf } from "../../../src/verbs/compare-patches/parameters.ts";
import { COMMIT } from "../../support/patches/arm-results.ts";

const GIVEN = { engineArgs: [], timeoutSeconds: 600, seed: 0 };
const pair = (perfCommand: string | undefined, change: Partial<CommitPair> = {}): CommitPair => ({
  ...{ commit: COMMIT, short: COMMIT.slice(0, 8), parent: COMMIT, model: "m/one", originalModel: undefined },
  ...{ perfCommand, baselineThroughput: undefined, ...change },
});
const of = (command: string, given: Partial<Parameters<typeof parametersOf>[1]> = {}) =>
  parametersOf(pair(command), { ...GIVEN, ...given });

describe("a commit is measured", () => {
  test("as ISO-Bench says, where its command does not say otherwise", () => {
    expect(of("python benchmarks/benchmark_serving.py --model m/one --backend vllm")).toEqual({
      ...{ benchmark: "serving", model: "m/one", requests: 100, inputLen: 512, outputLen: 64, concurrency: 16 },
      ...{ warmupRequests: 10, requestRate: Number.POSITIVE_INFINITY, endpoint: "chat", timeoutSeconds: 600, seed: 0 },
      ...{ engineArgs: [], variables: [], notes: [] },
    });
  });

  test("with its command's own numbers, and what the engine of it is told", () => {
    const command =
      "VLLM_USE_V1=1 CUDA_HOME=/x vllm bench serve --num-prompts 300 --random-input-len 700 --random-output-len 1 --request-rate 200 --seed 7 --dtype float16 --enable-prefix-caching -tp 2";
    expect(of(command)).toMatchObject({
      ...{ requests: 300, inputLen: 700, outputLen: 1, requestRate: 200, seed: 7 },
      engineArgs: ["--dtype", "float16", "--enable-prefix-caching", "--tensor-parallel-size", "2"],
      ...{ variables: ["VLLM_USE_V1=1"], notes: ["without the variables CUDA_HOME"] },
    });
  });

  test("as batches or all at once where its command is an offline one, whose numbers may be missing or words", () => {
    const latency = of("python benchmark_latency.py --batch-size BS --input-len 550 --output-len 150 --num-iters 20");
    expect(latency).toMatchObject({
      benchmark: "latency",
      concurrency: 8,
      inputLen: 550,
      outputLen: 150,
      requests: 20,
    });
    expect(latency.engineArgs).toEqual([]);
    expect(of("vllm bench throughput --num-prompts 50")).toMatchObject({
      benchmark: "throughput",
      requests: 50,
      inputLen: 512,
    });
  });

  test("by random prompts where its dataset is not here, which is said", () => {
    expect(of("vllm bench serve --dataset-name sharegpt").notes).toEqual(["random prompts instead of sharegpt"]);
  });

  test("with the model given for all, the one before recorded", () => {
    expect(of("vllm bench serve", { model: "m/tiny" })).toMatchObject({ model: "m/tiny", originalModel: "m/one" });
    const mapped = parametersOf(pair("vllm bench serve", { originalModel: "m/large" }), GIVEN);
    expect(mapped).toMatchObject({ model: "m/one", originalModel: "m/large" });
  });

  test("in a smaller context with prompts that fit into it", () => {
    const small = of("vllm bench serve", { maxModelLen: 256 });
    expect(small).toMatchObject({ inputLen: 128, outputLen: 64, engineArgs: ["--max-model-len", "256"] });
    expect(small.notes).toEqual(["prompts of 128 tokens, to fit into 256"]);
    expect(() => of("vllm bench serve", { maxModelLen: 128 })).toThrow(
      "has no room for a prompt and 64 tokens of answer",
    );
  });
});

describe("a commit cannot be measured", () => {
  test.each<[string, CommitPair, string]>([
    ["without a command", pair(undefined), "no perf_command"],
    ["without a model", pair("vllm bench serve", { model: undefined }), "give --model"],
    ["with a model that is unknown", pair("vllm bench serve", { model: "unknown" }), "give --model"],
    ["by a script of its own", pair("python benchmark_guided.py"), "none of vLLM's benchmarks"],
    ["by a command with half a quotation", pair("vllm bench serve --x 'y"), "without its counterpart"],
  ])("%s", (_, one, words) => {
    expect(() => parametersOf(one, GIVEN)).toThrow(words);
  });
});

test("every parameter reaches the run", () => {
  const parameters = of("VLLM_USE_V1=1 vllm bench serve --request-rate 4 --dtype float16");
  const shared = { startTimeout: 900, gpus: "all", shmSize: "16g", dockerArgs: ["--network", "host"] };
  expect(runInputsFor(parameters, shared)).toMatchObject({
    ...{
      engine: "docker",
      model: "m/one",
      benchmarks: ["serve-benchmark"],
      endpoint: "chat",
      seed: 0,
      onOom: "shrink",
      port: 0,
    },
    ...{ pairs: [{ inputLen: 512, outputLen: 64 }], numPrompts: 100, requestRate: [4], maxConcurrency: 16 },
    ...{ warmupRequests: 10, benchmarkTimeout: 600, startTimeout: 900, gpus: "all", shmSize: "16g" },
    ...{ dockerArgs: ["--network", "host", "-e", "VLLM_USE_V1=1"], engineArgs: ["--dtype", "float16"] },
  });
  expect(runInputsFor(of("vllm bench latency --batch-size 32"), shared)).toMatchObject({
    ...{
      benchmarks: ["latency-sweep"],
      batchSizes: [32],
      inputLen: [32],
      outputLen: [128],
      iterations: 30,
      warmup: 10,
    },
  });
  expect(runInputsFor(of("vllm bench throughput --num-prompts 50"), shared)).toMatchObject({
    ...{ benchmarks: ["throughput-benchmark"], throughputPrompts: [50], throughputTimeout: 600 },
  });
  const shares = runInputsFor(of("python benchmark_prefix_caching.py --input-len 1000"), shared);
  expect(shares).toMatchObject({ benchmarks: ["serve-benchmark"], sharedPrefix: 500 });
});
