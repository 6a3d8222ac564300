import { describe, expect, test } from "vitest";
import { readResult } from "../../../../src/arms/commits/read/result-file.ts";
import { COMMIT } from "../../../support/patches/arm-results.ts";

const short = COMMIT.slice(0, 8);
const named = { path: `${short}_human_result.json`, arm: "human", short } as const;
const read = (content: object, change: Partial<Parameters<typeof readResult>[1]> = {}) =>
  readResult(JSON.stringify(content), { ...named, ...change });

describe("a result file is read in every form that there has been", () => {
  test.each<[string, object]>([
    [
      "with numbers in metrics",
      { human_commit_full: COMMIT, metrics: { output_token_throughput_tok_s: 198.29, ttft_mean_ms: 45.2 } },
    ],
    [
      "of the first days",
      { commit_full: COMMIT, metrics: { output_token_throughput_tok_s: 198.29, mean_ttft_ms: 45.2 } },
    ],
    [
      "flat, with a benchmark",
      { human_commit_full: COMMIT, benchmark_type: "serving", throughput_tok_s: 198.29, ttft_mean: 45.2 },
    ],
    [
      "flat, by short names",
      { commit_short: short, benchmark_type: "human", throughput_tok_s: 198.29, mean_ttft_ms: 45.2 },
    ],
    [
      "with other names in metrics",
      { commit_short: short, metrics: { output_throughput_tok_s: 198.29, ttft_mean_ms: 45.2 } },
    ],
    [
      "with numbers only in what was printed",
      { commit: short, metrics: {}, raw_output: "Output token throughput (tok/s): 198.29\nMean TTFT (ms): 45.2\n" },
    ],
  ])("%s", (_, content) => {
    const { end, metrics } = read({ status: "success", model: "m", ...content });
    expect({ end, metrics }).toEqual({
      end: "measured",
      metrics: { output_throughput_tok_s: 198.29, ttft_ms: { mean: 45.2 } },
    });
  });

  test("its own numbers go before what was printed, which fills up the rest", () => {
    const raw_output = "Output token throughput (tok/s): 1\nRequest throughput (req/s): 2\n";
    const { metrics } = read({ status: "success", metrics: { output_token_throughput_tok_s: 198 }, raw_output });
    expect(metrics).toEqual({ output_throughput_tok_s: 198, request_throughput_req_s: 2 });
  });
});

describe("missing is absent, never 0", () => {
  test("a number that is null, 0 or below", () => {
    const metrics = { output_token_throughput_tok_s: 10, ttft_mean_ms: 0, tpot_mean_ms: null, itl_mean_ms: -1 };
    expect(read({ status: "success", metrics }).metrics).toEqual({ output_throughput_tok_s: 10 });
  });

  test("a success without any number is none", () => {
    expect(read({ status: "success", metrics: {} })).toMatchObject({
      end: "failed",
      error: "a success without any number",
    });
  });

  test("numbers of what failed", () => {
    const content = { status: "error", error: "crashed", metrics: { throughput_tok_s: 5 } };
    expect(read(content)).toMatchObject({ end: "failed", error: "crashed", metrics: {} });
  });
});

test("the offline benchmark's rate is of prompts and answers together, though it was stored as that of answers", () => {
  const { metrics } = read({
    status: "success",
    benchmark_type: "throughput",
    throughput_tok_s: 7592.42,
    throughput_req_s: 14.83,
  });
  expect(metrics).toEqual({ total_token_throughput_tok_s: 7592.42, request_throughput_req_s: 14.83 });
});

test("milliseconds of a batch become seconds", () => {
  expect(read({ status: "success", metrics: { latency_avg_ms: 750 } }).metrics).toEqual({ latency_s: { mean: 0.75 } });
});

describe("how an arm ended is said by what proves it", () => {
  test("an image that is not there", () => {
    const raw_output = "docker: Error response from daemon: manifest for x/y:baseline-1 not found: manifest unknown";
    expect(read({ status: "error", error: "No metrics in output", raw_output }).end).toBe("image_missing");
  });

  test("a patch that was forced onto files that it does not fit is no agent's arm, whatever numbers came of it", () => {
    const content = {
      status: "success",
      metrics: { throughput_tok_s: 5 },
      raw_output: "Hunk #2 FAILED at 10.\nAGENT_PATCH_APPLIED\n",
    };
    expect(read(content, { arm: "agent" })).toMatchObject({ end: "patch_failed", metrics: {} });
    expect(read(content).end).toBe("measured");
  });

  test.each(["timeout", "skipped", "no_patch"])("%s as the file says", (status) => {
    expect(read({ status }).end).toBe(status);
  });
});

describe("what is no such file is refused by name", () => {
  test.each<[string, object, string]>([
    ["a status of nobody", { status: "done" }, "status: must be one of success"],
    ["another commit than in its name", { status: "success", commit_full: "f".repeat(40) }, `its name says ${short}`],
  ])("%s", (_, content, words) => {
    expect(() => read(content)).toThrow(words);
    expect(() => read(content)).toThrow(named.path);
  });

  test("no JSON", () => {
    expect(() => readResult("{", named)).toThrow(`${named.path} is not valid JSON`);
  });
});

test("what was asked for is read, where the file says it", () => {
  const parameters = { num_prompts: 100, dataset_name: "random", request_rate: "inf" };
  const { settings } = read({
    status: "success",
    model: "m",
    parameters,
    throughput_tok_s: 5,
    total_input_tokens: 25600,
  });
  expect(settings).toEqual({
    ...{ model: "m", dataset: "random", requests: 100, inputTokens: 25600, requestRate: Number.POSITIVE_INFINITY },
  });
  const command = { benchmark_command: "python3 benchmark_serving.py --request-rate 1 --num-prompts 50" };
  expect(read({ status: "success", throughput_tok_s: 5, ...command }).settings).toEqual({ requestRate: 1 });
});
