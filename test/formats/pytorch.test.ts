import { describe, expect, test } from "vitest";
import { exportPytorch } from "../../src/formats/pytorch/export.ts";
import { okLatencyCell, sampleRun } from "../support/run-document.ts";
import { cellOf, fixture, importing } from "./vllm/importing.ts";

const RANDOM = JSON.parse(fixture("imports/random.pytorch.json"));
const ARGS = RANDOM[0].benchmark.extra_info.args;
const at = { model: undefined, timeZone: undefined, timestamp: "2026-08-01T12:00:00Z" };

const record = (name: string, value: number, args: object, extra: object = {}) => ({
  benchmark: { name: "vLLM benchmark", extra_info: { args: { ...ARGS, ...args } } },
  model: { name: "acme/m" },
  metric: { name, benchmark_values: [value], extra_info: extra },
});
const serving = (args: object) => importing("x.pytorch.json", [record("median_ttft_ms", 55, args)], at);

describe("of all arguments that vLLM writes, only those of the dataset are facts:", () => {
  test.each<[object, string, object]>([
    [{ dataset_name: "sonnet" }, "sonnet_in_550_out_150_prefix_200_rate_4", { dataset: "sonnet", inputLen: 550 }],
    [
      { dataset_name: "hf", dataset_path: "likaixin/InstructCoder", hf_output_len: 64, hf_split: "train" },
      "hf_likaixin-InstructCoder_out_64_split_train_rate_4",
      { dataset: "hf", datasetFile: "likaixin/InstructCoder", datasetOutputLen: 64 },
    ],
    [
      { dataset_name: "prefix_repetition", prefix_repetition_prefix_len: 100, prefix_repetition_suffix_len: 28 },
      "prefix-repetition_in_128_out_128_prefix_100_of_10_rate_4",
      { dataset: "prefix_repetition", inputLen: 128, sharedPrefix: 100, prefixes: 10 },
    ],
    [{ random_range_ratio: 0.2, burstiness: 2 }, "in_1024_out_128_range_0.2_rate_4_burstiness_2", { rangeRatio: 0.2 }],
    [{ lora_modules: ["a", "b"] }, "in_1024_out_128_rate_4_lora_a-b", { lora: "a,b" }],
  ])("%j", (args, id, params) => {
    const cell = cellOf(serving(args));
    expect(cell).toMatchObject({ id: `serve-benchmark/${id}`, status: "ok", params });
    if ("dataset" in params && !("inputLen" in params)) expect(cell.params).not.toHaveProperty("inputLen");
  });

  test("a ramp is its own load, whatever the rate beside it", () => {
    const ramp = { ramp_up_strategy: "linear", ramp_up_start_rps: 2, ramp_up_end_rps: 50, request_rate: "inf" };
    expect(cellOf(serving(ramp)).id).toBe("serve-benchmark/in_1024_out_128_ramp_2_50");
  });

  test("other tasks are refused", () => {
    expect(() => serving({ dataset_name: "random-mm", backend: "openai-chat" })).toThrow("multimodal requests");
    expect(() => serving({ backend: "openai-embeddings" })).toThrow("embeddings");
  });

  test("of offline throughput too", () => {
    const args = { dataset_name: "sharegpt", dataset_path: "/d/sg.json", request_rate: undefined };
    const run = importing("t.pytorch.json", [record("requests_per_second", 5, args)], at);
    expect(cellOf(run).id).toBe("throughput-benchmark/sharegpt_sg.json_prompts_200");
  });
});

describe("records of whole batches", () => {
  const batch = { input_len: 32, output_len: 8, batch_size: 4 };
  const latency = (values: (number | null)[], args: object) => {
    const one = record("latency", 1, args);
    return importing("l.pytorch.json", [{ ...one, metric: { ...one.metric, benchmark_values: values } }], at);
  };
  const throughput = (args: object, extra: object = {}) =>
    importing("t.pytorch.json", [record("requests_per_second", 5, args, extra)], at);

  test.each<[object, string, object]>([
    [{}, "", {}],
    [{ n: 4 }, "_n_4", { n: 4 }],
    [{ n: 4, use_beam_search: true }, "_beam_4", { n: 4, beamSearch: true }],
    [{ use_beam_search: true }, "_beam_1", { n: 1, beamSearch: true }],
  ])("say how a sequence was drawn: %j", (args, suffix, params) => {
    const cell = cellOf(latency([1, 3], { ...batch, ...args }));
    expect(cell).toMatchObject({ id: `latency-sweep/in_32_out_8_bs_4${suffix}`, status: "ok" });
    expect(cell.params).toEqual({ batchSize: 4, inputLen: 32, outputLen: 8, ...params });
  });

  test("without any latency are refused, and one of many that is missing is left out", () => {
    expect(() => latency([null], batch)).toThrow("l.pytorch.json: latency has no value");
    expect(cellOf(latency([null, 1, 3], batch))).toMatchObject({ metrics: { latency_s: { count: 2, mean: 2 } } });
  });

  test("are refused without a number of requests, or without their length", () => {
    const untold = { dataset_name: undefined, num_prompts: undefined };
    expect(() => throughput(untold)).toThrow("t.pytorch.json does not say of how many requests its throughput is");
    expect(cellOf(throughput(untold, { num_requests: 10 })).id).toMatch(/_prompts_10$/);
    expect(() => throughput({ dataset_name: undefined, random_input_len: null })).toThrow("--input-len");
    expect(() => throughput({ dataset_name: undefined, random_output_len: null })).toThrow("--output-len");
  });

  test("have a prefix by whichever of two names says one", () => {
    const lengths = { dataset_name: undefined, random_input_len: 32, random_output_len: 8 };
    const prompts = "throughput-benchmark/in_42_out_8_prefix_10_prompts_200";
    expect(cellOf(throughput({ ...lengths, prefix_len: 10, random_prefix_len: 0 })).id).toBe(prompts);
    expect(cellOf(throughput({ ...lengths, prefix_len: 0, random_prefix_len: 10 })).id).toBe(prompts);
  });
});

test("records that count answers but not prompts are as whole as they say", () => {
  const [run] = importing(
    "x.pytorch.json",
    [record("median_ttft_ms", 55, { num_prompts: undefined }, { completed: 190 })],
    at,
  );
  expect(run!.cells).toMatchObject([{ status: "ok", metrics: { ttft_ms: { p50: 55 } } }]);
});

test("a record without any arguments takes its lengths from the caller", () => {
  const one = {
    benchmark: { name: "vLLM benchmark" },
    model: { name: "m" },
    metric: record("mean_ttft_ms", 7, {}).metric,
  };
  const run = importing("x.pytorch.json", [one], { ...at, inputLen: 32, outputLen: 8 });
  expect(cellOf(run)).toMatchObject({ id: "serve-benchmark/in_32_out_8_rate_unknown", status: "ok" });
});

test("the second that stands in a record is when it was made", () => {
  const [run] = importing("x.pytorch.json", [{ ...record("median_ttft_ms", 55, {}), timestamp: 1_785_585_600 }], {
    ...at,
    timestamp: undefined,
  });
  expect(run!.startedAt).toBe("2026-08-01T12:00:00Z");
});

test("a number goes out with the second of its run, and a name of its own only where it is one of several statistics", () => {
  const records = JSON.parse(
    exportPytorch([
      { ...sampleRun, cells: [{ ...okLatencyCell, status: "ok", metrics: { latency_s: { p50: 2 }, duration_s: 9 } }] },
    ]),
  ) as { timestamp: number; metric: { name: string } }[];
  expect(records.map(({ metric }) => metric.name)).toEqual(["latency_s.p50", "duration_s"]);
  expect(records[0]!.timestamp).toBe(Date.parse("2026-11-22T06:45:01Z") / 1000);
});

describe("what a record leaves open", () => {
  const one = {
    ...record("median_ttft_ms", 55, { dtype: "bfloat16", pipeline_parallel_size: 1, enable_expert_parallel: false }),
  };

  test("is the engine's own: its data type, and no spread over one GPU", () => {
    const [run] = importing("x.pytorch.json", [one], at);
    expect(run!.model.dtype).toBe("bfloat16");
    expect(run).not.toHaveProperty("configuration");
    const [told] = importing("x.pytorch.json", [{ ...one, benchmark: { ...one.benchmark, dtype: "float16" } }], at);
    expect(told!.model.dtype).toBe("float16");
  });

  test("or has no number is refused: one that is none, and one of ours without a value", () => {
    const text = JSON.stringify([one]).replace("[55]", "[NaN]");
    expect(() => importing("x.pytorch.json", text, at)).toThrow("x.pytorch.json: benchmark_values is NaN");
    const ours = JSON.parse(exportPytorch([sampleRun]));
    ours[0].metric.benchmark_values = [null];
    expect(() => importing("x.json", ours, at)).toThrow(`x.json: ${ours[0].metric.name} has no value`);
  });

  test("about a task that is no text is refused for whole batches too", () => {
    const args = { dataset_name: "random-mm" };
    expect(() => importing("t.pytorch.json", [record("requests_per_second", 5, args)], at)).toThrow(
      "multimodal requests",
    );
  });
});

test("GPUs are all that the model is spread over, and the spread tells series apart", () => {
  const [run] = importing(
    "x.pytorch.json",
    [
      record("median_ttft_ms", 55, {
        tensor_parallel_size: "4",
        pipeline_parallel_size: 2,
        enable_expert_parallel: true,
      }),
    ],
    at,
  );
  expect(run).toMatchObject({
    model: { tensorParallel: 4 },
    host: { gpuCount: 8 },
    configuration: "--enable-expert-parallel --pipeline-parallel-size 2",
  });
});

test("real records of a run with prefixes in groups, a rate and limits are that cell", () => {
  const [run] = importing("p.pytorch.json", fixture("vllm-0.32.0/prefix_repetition.pytorch.json"), { timeZone: "Z" });
  expect(run!.startedAt.slice(0, 10)).toBe("2026-11-29");
  expect(run!.cells).toMatchObject([
    {
      id: "serve-benchmark/prefix-repetition_in_48_out_8_prefix_32_of_2_rate_20_temperature_0.7",
      params: { requestRate: 20, burstiness: 1, temperature: 0.7, numPrompts: 8, seed: 0, warmupRequests: 0 },
      slos: [{ metric: "ttft_ms", limitMs: 500 }],
    },
  ]);
});

describe("records of one file", () => {
  test("that disagree are refused", () => {
    const two = [record("median_ttft_ms", 55, {}), record("median_ttft_ms", 56, {})];
    expect(() => importing("x.pytorch.json", two, at)).toThrow(
      "x.pytorch.json: two records with the same arguments say median_ttft_ms is 55 and 56",
    );
    const counts = [
      record("median_ttft_ms", 55, {}, { completed: 200 }),
      record("p99_ttft_ms", 56, {}, { completed: 1 }),
    ];
    expect(() => importing("x.pytorch.json", counts, at)).toThrow("say completed is 200 and 1");
  });

  test("that say the same twice are one", () => {
    const [one] = [record("median_ttft_ms", 55, {}, { completed: 200 })];
    const [run] = importing("x.pytorch.json", [one, one], at);
    expect(run!.cells).toMatchObject([{ status: "ok", metrics: { ttft_ms: { p50: 55 } } }]);
  });

  test("with other arguments are other cells", () => {
    const two = [record("median_ttft_ms", 55, {}), record("median_ttft_ms", 56, { request_rate: 8 })];
    const ids = importing("x.pytorch.json", two, at).flatMap(({ cells }) => cells.map(({ id }) => id));
    expect(ids).toEqual(["serve-benchmark/in_1024_out_128_rate_4", "serve-benchmark/in_1024_out_128_rate_8"]);
  });
});

test("without a count of failures, what is missing from the prompts failed", () => {
  const [run] = importing("x.pytorch.json", [record("median_ttft_ms", 55, {}, { completed: 190 })], at);
  expect(run!.cells).toMatchObject([{ status: "failed", detail: "10 of 200 requests failed", failed: 10 }]);
});

test("the moment is that of the result where the zone is given", () => {
  const [run] = importing("random.pytorch.json", RANDOM, { ...at, timeZone: "+02:00" });
  expect(run!.startedAt).toBe("2026-08-01T10:00:00Z");
});
