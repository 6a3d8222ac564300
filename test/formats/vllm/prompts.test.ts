import { describe, expect, test } from "vitest";
import { promptsOf } from "../../../src/formats/vllm/prompts.ts";
import { workloadOf } from "../../../src/formats/vllm/workload.ts";

const named = (args: object, told: object = {}) => promptsOf({ ...args }, told).name;

describe("random prompts", () => {
  test("are as long as the arguments say, else as the caller does", () => {
    const told = { inputLen: 8, outputLen: 2 };
    expect(named({}, told)).toBe("in_8_out_2");
    expect(named({ random_input_len: 32, random_output_len: 4 }, told)).toBe("in_32_out_4");
    expect(named({ input_len: 64, output_len: 16, random_input_len: 32, random_output_len: 4 })).toBe("in_64_out_16");
    expect(named({})).toBe("");
  });

  test("begin with the prefix that all share", () => {
    expect(promptsOf({ random_input_len: 32, random_output_len: 4, random_prefix_len: 10 }, {})).toEqual({
      name: "in_42_out_4_prefix_10",
      params: { inputLen: 42, outputLen: 4, sharedPrefix: 10 },
      exact: true,
    });
  });

  test.each<[unknown, unknown]>([
    [0, undefined],
    [1, undefined],
    [0.2, 0.2],
    ["0.2", 0.2],
    [{ input: 0.1, output: 0.5 }, '{"input":0.1,"output":0.5}'],
    [true, undefined],
  ])("with the range ratio %j vary by %j", (ratio, range) => {
    const { params, exact } = promptsOf({ random_range_ratio: ratio }, { inputLen: 8 });
    expect(params.rangeRatio).toBe(range);
    expect(exact).toBe(range === undefined);
  });
});

describe("other prompts", () => {
  test("have vLLM's defaults where nothing was asked for", () => {
    expect(promptsOf({ dataset_name: "sonnet" }, {})).toMatchObject({
      name: "sonnet_in_550_out_150_prefix_200",
      exact: false,
    });
    expect(named({ dataset_name: "sonnet", sonnet_input_len: 8, sonnet_output_len: 4, sonnet_prefix_len: 0 })).toBe(
      "sonnet_in_8_out_4_prefix_0",
    );
    expect(named({ dataset_name: "prefix_repetition" })).toBe("prefix-repetition_in_512_out_128_prefix_256_of_10");
    expect(named({ dataset_name: "prefix_repetition", output_len: 8, prefix_repetition_output_len: 9 })).toContain(
      "_out_8_",
    );
  });

  test("are called by the file's name, and a set of the Hub by all of its own", () => {
    expect(named({ dataset_name: "custom", dataset_path: "/d/a b.jsonl" })).toBe("custom_a-b.jsonl");
    expect(named({ dataset_name: "hf", dataset_path: "org/set" })).toBe("hf_org-set");
    expect(named({ sharegpt_output_len: -1 })).toBe("sharegpt");
    expect(named({ sharegpt_output_len: null, custom_seed: 3 })).toBe("custom_seed_3");
    expect(named({ sharegpt_output_len: 64, output_len: 32 })).toBe("sharegpt_out_32");
    expect(promptsOf({ custom_seed: 3, random_input_len: 8 }, {})).toEqual({
      ...{ name: "custom_seed_3", params: { dataset: "custom", customSeed: 3 }, exact: false },
    });
  });
});

describe("what stands beside prompts and load", () => {
  const idOf = (args: object, swept: string[] = []) =>
    workloadOf({ ...args }, { endpoint: "completions", engine: "vllm" }, {}, "r", new Set(swept)).id;

  test("is in the id unless it is as ever, or was swept", () => {
    expect(idOf({ temperature: 0, n: 1, best_of: 1, seed: 3, num_warmups: 2, num_prompts: 9 })).toBe(
      "serve-benchmark/rate_unknown",
    );
    expect(idOf({ temperature: 0, num_prompts: 9 }, ["temperature", "num_prompts"])).toBe(
      "serve-benchmark/rate_unknown_temperature_0_prompts_9",
    );
    expect(idOf({ n: 2, best_of: 3, top_p: 1 })).toBe("serve-benchmark/rate_unknown_top-p_1_n_2_best-of_3");
  });

  test("says nothing when it is off, of no adapters, or of no probes", () => {
    expect(idOf({ use_beam_search: false, probe_request_rate: 0, lora_assignment: "random" })).toBe(
      "serve-benchmark/rate_unknown",
    );
    expect(idOf({ probe_request_rate: 2, lora_modules: ["a"], lora_assignment: "random" })).toBe(
      "serve-benchmark/rate_unknown_lora_a_lora-assignment_random_probe-request-rate_2",
    );
  });

  test("are limits of known metrics that are above 0", () => {
    const slos = (goodput: unknown) =>
      workloadOf({ goodput }, { endpoint: "completions", engine: "vllm" }, {}, "r").slos.map(({ metric }) => metric);
    expect(slos("ttft:500, tpot:50")).toEqual(["ttft_ms", "tpot_ms"]);
    expect(slos(["ttft:500", "e2el:0", "nothing:5"])).toEqual(["ttft_ms"]);
    expect(slos(undefined)).toEqual([]);
  });
});
