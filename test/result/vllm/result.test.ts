import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.ts";
import { readServeFile } from "../../../src/result/vllm/file.ts";
import { readThroughputFile, readVllmResults } from "../../../src/result/vllm/result.ts";
import { fixture, SERVE_ERAS } from "./eras.ts";

const THROUGHPUT = {
  ...{ elapsed_time: 12.3, num_requests: 1000, total_num_tokens: 256_000 },
  ...{ requests_per_second: 81.3, tokens_per_second: 20_813 },
};

describe("a serving result of every era gives the same numbers:", () => {
  test.each(Object.entries(SERVE_ERAS))("vLLM %s", (_, file) => {
    const [result, ...more] = readVllmResults(JSON.stringify(file), "f.json");
    expect(more).toEqual([]);
    const facts = { kind: "serve", modelId: "tiny-llama", backend: "vllm", numPrompts: 60, completed: 60, failed: 0 };
    expect(result).toMatchObject(facts);
    const { metrics } = readServeFile(JSON.stringify(file), "f.json").measurement;
    const now = readServeFile(fixture("in_300_out_100.json"), "f.json").measurement.metrics;
    for (const name of ["duration_s", "output_throughput_tok_s"] as const) expect(metrics[name]).toBe(now[name]);
    expect(metrics.total_token_throughput_tok_s).toBeCloseTo(now.total_token_throughput_tok_s!, 6);
    expect(metrics.ttft_ms).toMatchObject({ mean: now.ttft_ms!.mean, p50: now.ttft_ms!.p50, p99: now.ttft_ms!.p99 });
    expect(metrics.request_goodput_req_s).toBeUndefined();
  });

  test("of an embedding model, which has no output tokens", () => {
    const file = {
      ...{ backend: "openai-embeddings", model_id: "e5", num_prompts: 10, duration: 2, completed: 10 },
      ...{ total_input_tokens: 900, request_throughput: 5, total_token_throughput: 450, errors: [], input_lens: [] },
      ...{ mean_e2el_ms: 20, median_e2el_ms: 19, std_e2el_ms: 2, p99_e2el_ms: 30 },
    };
    const [result] = readVllmResults(JSON.stringify(file), "f.json");
    expect(result).toMatchObject({ kind: "serve", failed: 0, measurement: { outputTokens: 0 } });
  });
});

describe("the kind of a result is told by its keys:", () => {
  test("offline throughput, before 0.32 and since", () => {
    const metrics = {
      ...{ duration_s: 12.3, completed: 1000, request_throughput_req_s: 81.3 },
      total_token_throughput_tok_s: 20_813,
    };
    const read = (file: object) => readVllmResults(JSON.stringify(file), "f.json");
    const common = { kind: "throughput", numRequests: 1000, totalTokens: 256_000, metrics };
    expect(read(THROUGHPUT)).toEqual([{ ...common, modelId: undefined }]);
    expect(read({ model_id: "m", ...THROUGHPUT })).toEqual([{ ...common, modelId: "m" }]);
  });

  test("batch latency, before 0.32 and since", () => {
    const { model_id: _, ...old } = JSON.parse(fixture("latency_bs1.json"));
    expect(readVllmResults(JSON.stringify(old), "f.json")).toMatchObject([{ kind: "latency" }]);
    expect(readVllmResults(JSON.stringify({ model_id: "m", ...old }), "f.json")).toMatchObject([
      { kind: "latency", modelId: "m", latenciesS: old.latencies },
    ]);
  });

  test("start-up of real vLLM on a CPU, which compiles and counts 0 seconds for it", () => {
    expect(readVllmResults(fixture("startup.json"), "f.json")).toEqual([
      {
        kind: "startup",
        modelId: undefined,
        starts: [
          {
            cache: "cold",
            iterations: 1,
            metrics: { startup_s: expect.objectContaining({ count: 1, p50: 37.4112243410018 }) },
          },
          {
            cache: "warm",
            iterations: 1,
            metrics: { startup_s: expect.objectContaining({ mean: 26.432525336000253 }) },
          },
        ],
      },
    ]);
  });

  test("several, one a line, as --append-result writes them", () => {
    const line = JSON.stringify(SERVE_ERAS["0.11, peaks"]);
    expect(readVllmResults(`${line}\n${line}`, "f.json")).toHaveLength(2);
    expect(() => readVllmResults(`${line}\n{"completed": 1, "duration": 1}`, "f.json")).toThrow(/f\.json, result 2/);
  });

  test.each([
    ['[{"benchmark": {}, "model": {}, "metric": {}}]', "f.json is PyTorch's benchmark format"],
    ['{"hello": 1}', "f.json is no result of vLLM's benchmarks"],
    ['{"completed": 1}', "f.json is no result of vLLM's benchmarks"],
    [
      '{"avg_latency": 2, "percentiles": {"50": 3, "99": 2}}',
      "f.json: percentiles.50 is 3, but percentiles.99 is 2: no percentile is above a higher one",
    ],
    ["[]", "f.json is no result of vLLM's benchmarks"],
    ["{", "f.json is not valid JSON"],
    ['{"elapsed_time": 0, "num_requests": 1}', "f.json is not a result of `vllm bench throughput`"],
  ])("%s is refused: %s", (text, message) => {
    expect(() => readVllmResults(text, "f.json")).toThrow(UserError);
    expect(() => readVllmResults(text, "f.json")).toThrow(message);
  });

  test("what is no throughput file is refused as one", () =>
    expect(() => readThroughputFile("{}", "f.json")).toThrow("not a result of `vllm bench throughput`"));
});
