import { describe, expect, test } from "vitest";
import { cellOf, fixture, importing, served } from "./importing.ts";

const cell = (changes: object, name = "r.json") => cellOf(importing(name, served(changes)));

describe("the load in a result of vllm bench serve", () => {
  test.each<[string, object, string, object]>([
    [
      "a ramp",
      JSON.parse(fixture("imports/workload/ramp.json")),
      "ramp_2_50",
      { rampFrom: 2, rampTo: 50, burstiness: 1 },
    ],
    [
      "an exponential ramp in clumps, with a limit",
      {
        ...{ ramp_up_strategy: "exponential", ramp_up_start_rps: 1, ramp_up_end_rps: 8 },
        ...{ request_rate: "inf", burstiness: 0.5, max_concurrency: 16 },
      },
      "ramp_1_8_exponential_burstiness_0.5_max_16",
      { rampFrom: 1, rampTo: 8, rampStrategy: "exponential", burstiness: 0.5, maxConcurrency: 16 },
    ],
    ["a Poisson process", {}, "rate_4", { requestRate: 4, burstiness: 1, numPrompts: 100 }],
    ["clumps", { burstiness: 0.5 }, "rate_4_burstiness_0.5", { requestRate: 4, burstiness: 0.5 }],
    ["equal gaps", { burstiness: "inf" }, "rate_4_constant", { requestRate: 4, burstiness: "inf" }],
    ["a rate with a limit", { max_concurrency: 16 }, "rate_4_max_16", { requestRate: 4, maxConcurrency: 16 }],
    ["a closed loop", { request_rate: "inf", max_concurrency: 16 }, "concurrency_16", { concurrency: 16 }],
    ["all at once", { request_rate: "inf" }, "rate_inf", { requestRate: "inf" }],
    ["chat", { backend: "openai-chat" }, "rate_4_chat", { endpoint: "chat" }],
    ["responses", { backend: "openai-responses" }, "rate_4_responses", { endpoint: "responses" }],
  ])("is that of our own cells: %s", (_, changes, id, params) => {
    expect(cell(changes)).toMatchObject({ id: `serve-benchmark/${id}`, status: "ok", params });
  });

  test("is that of a real ramp with clumps", () => {
    expect(cellOf(importing("ramp.json", fixture("vllm-0.32.0/ramp.json")))).toMatchObject({
      id: "serve-benchmark/ramp_5_40_exponential_burstiness_0.5",
      status: "ok",
      params: { rampFrom: 5, rampTo: 40, rampStrategy: "exponential", burstiness: 0.5, numPrompts: 8 },
    });
  });

  test("without a rate of its own is no rate: a ramp, a closed loop", () => {
    const ramp = JSON.parse(fixture("imports/workload/ramp.json"));
    expect(cell(ramp).params).not.toHaveProperty("requestRate");
    expect(cell({ request_rate: "inf", max_concurrency: 16 }).params).toEqual({ concurrency: 16, numPrompts: 100 });
  });

  test("that is a ramp without an end is refused", () => {
    expect(() => cell({ ramp_up_strategy: "linear", ramp_up_start_rps: 1 })).toThrow(
      "r.json has ramp_up_strategy linear, but not both ramp_up_start_rps and ramp_up_end_rps",
    );
  });

  test("is not how many requests happened to be open", () => {
    expect(cell({ max_concurrent_requests: 30 }).id).toBe("serve-benchmark/rate_4");
  });
});

describe("what a sweep or --metadata adds to a result", () => {
  const lengths = { run_number: 0, random_input_len: 512, random_output_len: 128 };

  test("about prompts is the cell's", () => {
    expect(cell({ ...lengths })).toMatchObject({
      id: "serve-benchmark/in_512_out_128_rate_4",
      params: { inputLen: 512, outputLen: 128 },
    });
    expect(cell({ "random-input-len": "512" }).params).toMatchObject({ inputLen: 512 });
  });

  test.each<[object, string, object]>([
    [{ random_range_ratio: 0.2 }, "in_512_out_128_range_0.2_rate_4", { rangeRatio: 0.2 }],
    [
      { random_input_len: 412, random_prefix_len: 100 },
      "in_512_out_128_prefix_100_rate_4",
      { inputLen: 512, sharedPrefix: 100 },
    ],
    [{ temperature: 0.7 }, "in_512_out_128_rate_4_temperature_0.7", { temperature: 0.7 }],
    [{ ignore_eos: true, seed: 7 }, "in_512_out_128_rate_4_seed_7_ignore-eos_true", { ignoreEos: true, seed: 7 }],
  ])("beside the lengths is in id and parameters: %j", (more, id, params) => {
    expect(cell({ ...lengths, ...more })).toMatchObject({ id: `serve-benchmark/${id}`, status: "ok", params });
  });

  test("about another dataset makes no lengths of random prompts", () => {
    const swept = { run_number: 0, sharegpt_output_len: 64 };
    expect(cell(swept)).toMatchObject({
      id: "serve-benchmark/sharegpt_out_64_rate_4",
      params: { dataset: "sharegpt", datasetOutputLen: 64 },
    });
  });

  test("about the engine tells series apart, and counts its GPUs", () => {
    const settings = { run_number: 0, "enable-prefix-caching": false, max_num_seqs: 8 };
    const parallel = { tensor_parallel_size: 2, pipeline_parallel_size: 2, data_parallel_size: 2 };
    const [run] = importing("r.json", served({ ...settings, ...parallel }));
    expect(run).toMatchObject({
      configuration: "--data-parallel-size 2 --no-enable-prefix-caching --max-num-seqs 8 --pipeline-parallel-size 2",
      model: { tensorParallel: 2 },
      host: { gpuCount: 8 },
    });
    expect(run!.cells[0]!.id).toBe("serve-benchmark/rate_4");
  });

  test("as limits makes the goodput comparable; without them it is left out", () => {
    const good = { request_goodput: 3 };
    expect(cell({ ...good, run_number: 0, goodput: "ttft:500 tpot:50" })).toMatchObject({
      metrics: { request_goodput_req_s: 3 },
      slos: [
        { metric: "ttft_ms", limitMs: 500 },
        { metric: "tpot_ms", limitMs: 50 },
      ],
    });
    const [run] = importing("r.json", served(good));
    expect(run!.cells[0]).not.toHaveProperty("metrics.request_goodput_req_s");
    expect(run!.source!.note).toContain("Its goodput is left out: the file does not say under which limits.");
  });
});

describe("no text generation is refused by name:", () => {
  test.each([
    [{ backend: "openai-embeddings" }, "embeddings (backend openai-embeddings)"],
    [{ backend: "infinity-embeddings-clip" }, "embeddings"],
    [{ backend: "vllm-rerank" }, "reranking"],
    [{ backend: "vllm-pooling" }, "pooling"],
    [{ backend: "openai-audio" }, "speech recognition"],
    [
      { backend: "openai-chat", dataset_name: "random-mm" },
      "multimodal requests (backend openai-chat, dataset random-mm)",
    ],
    [{ dataset_name: "hf", dataset_path: "lmarena-ai/VisionArena-Chat" }, "multimodal requests"],
    [{ rtfx: 12.5 }, "speech recognition (rtfx)"],
    [{ total_output_tokens: undefined, output_throughput: undefined }, "another task without output tokens"],
  ])("%j", (changes, message) => {
    expect(() => cell(changes)).toThrow(/r\.json is a result of .*only text generation can be imported/);
    expect(() => cell(changes)).toThrow(message);
  });
});

describe("a number in the name of a file", () => {
  const named = (name: string, more: object = {}) => cellOf(importing(name, served({}), more)).params;

  test("that may be one of two is not read", () => {
    const why = (text: string) => `says “${text}”, which may be one of two numbers: give the one that it was with`;
    expect(() => named("in_8k_out_1k.json")).toThrow(why("8k"));
    expect(() => named("in_1_024_out_128.json")).toThrow(why("1_024"));
    expect(() => named("in_1.5k_out_128.json")).toThrow(why("1.5k"));
    expect(() => named("in_512_out_2m.json")).toThrow(why("2m"));
  });

  test("gives way to what the caller says it was", () => {
    expect(named("in_8k_out_1k.json", { inputLen: 512, outputLen: 128 })).toMatchObject({ inputLen: 512 });
  });

  test("ends where another word begins", () => {
    expect(named("in_512_out_128_20261122.json")).toMatchObject({ inputLen: 512, outputLen: 128 });
  });
});

test("a chat's input may be longer than what was asked, by the engine's template", () => {
  const chat = { backend: "openai-chat", total_input_tokens: 60_000 };
  expect(cell(chat, "in_512_out_128.json").status).toBe("ok");
  expect(cell({ ...chat, backend: "vllm" }, "in_512_out_128.json")).toMatchObject({
    status: "failed",
    detail: "the engine counted 60000 input tokens where 51200 were asked for",
  });
});

test("a result of SGLang's copy of the tool is refused by name", () => {
  expect(() => cell({ total_output_tokens_retokenized: 1 })).toThrow("r.json is a result of SGLang's bench_serving");
});

test("the model is the one in the engine's arguments, else the one that the result names", () => {
  const modelOf = (changes: object) => importing("r.json", served(changes), { model: undefined })[0]!.model.name;
  expect(modelOf({ model_id: "served" })).toBe("served");
  expect(modelOf({ model_id: "served", run_number: 0, model: "swept" })).toBe("swept");
});

test("a server of another engine is a remote one", () => {
  const engineOf = (backend: string) => importing("r.json", served({ backend }))[0]!.engine.kind;
  expect([engineOf("vllm"), engineOf("sglang")]).toEqual(["vllm", "remote"]);
});

test("a request that took 0 s failed, whatever the count says", () => {
  const failed = cell({ failed: undefined, latencies: [0.1, 0, 0.2, 0] });
  expect(failed).toMatchObject({ status: "failed", detail: "2 of 100 requests failed", failed: 2 });
});
