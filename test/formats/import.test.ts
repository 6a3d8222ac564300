import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { exportDataJs } from "../../src/formats/data-js/data-js.ts";
import { detectFormat, importFile } from "../../src/formats/import.ts";
import { exportPytorch } from "../../src/formats/pytorch/export.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import type { Run } from "../../src/result/document/run.ts";
import { runNumber } from "../database/runs.ts";
import { SERVE_ERAS } from "../result/vllm/eras.ts";
import { aggregate } from "./aggregate.ts";

const fixture = (path: string) => readFileSync(join(PACKAGE_ROOT, "test/fixtures", path), "utf8");
const host = { model: "tiny-llama", hostLabel: "h100", gpu: "NVIDIA H100 80GB HBM3" };

function importing(name: string, content: unknown, given: object = {}): Run[] {
  const file = { name, text: typeof content === "string" ? content : JSON.stringify(content) };
  return importFile(file, detectFormat(file), { ...host, ...given });
}

const named = ({ cells }: Run) => cells.map(({ id }) => id);
const metricsOf = (run: Run) => run.cells.map((cell) => (cell.status === "ok" ? cell.metrics : cell.status));

describe("results of vLLM's own benchmarks", () => {
  test.each(Object.entries(SERVE_ERAS))("of serving in %s become a run", (_, file) => {
    const [run] = importing("in_300_out_100.json", file, { timeZone: "+01:00" });
    const { request_throughput: throughput, mean_ttft_ms: mean } = file as Record<string, number>;
    expect(run!.cells).toMatchObject([
      {
        status: "ok",
        params: { inputLen: 300, outputLen: 100, requestRate: 6, numPrompts: 60 },
        metrics: { request_throughput_req_s: throughput, ttft_ms: { mean } },
      },
    ]);
    expect(run!.source).toMatchObject({ format: "vllm-serve", file: "in_300_out_100.json" });
    expect(run!.source!.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("write local time, whose zone must be given", () => {
    const file = fixture("vllm-0.32.0/in_300_out_100.json");
    expect(importing("in_300_out_100.json", file, { timeZone: "+01:00" })[0]!.startedAt).toBe("2026-11-22T05:35:50Z");
    expect(() => importing("in_300_out_100.json", file)).toThrow("give it with --time-zone (or --timestamp)");
  });

  test("in which every request failed become a failed cell without numbers", () => {
    const [run] = importing("all_failed.json", fixture("vllm-0.32.0/all_failed.json"), { timeZone: "Z" });
    expect(run).toMatchObject({ outcome: "failed", cells: [{ status: "failed", reason: "incomplete_requests" }] });
  });

  test("of latency take batch size from the file's own name, and lengths from the caller", () => {
    const given = { inputLen: 32, outputLen: 128, timestamp: "2026-11-22T06:00:00Z" };
    const text = fixture("vllm-0.32.0/latency_bs1.json");
    const [run] = importing("latency_bs1.json", text, given);
    expect(named(run!)).toEqual(["latency-sweep/in_32_out_128_bs_1"]);
    expect(() => importing("latency.json", text, given)).toThrow("give it with --batch");
    expect(() => importing("latency_bs1.json", text, { ...given, timestamp: undefined })).toThrow("--timestamp");
  });

  test("know their lengths better than the caller, who speaks of other files too", () => {
    const given = { timeZone: "Z", timestamp: "2020-01-01T00:00:00Z", inputLen: 1, outputLen: 1 };
    const [run] = importing("in_300_out_100.json", fixture("vllm-0.32.0/in_300_out_100.json"), given);
    expect(run).toMatchObject({
      startedAt: "2026-11-22T06:35:50Z",
      outcome: "ok",
      cells: [{ params: { inputLen: 300 } }],
    });
  });

  test("of start-up are a cell for each kind of start; what was not compiled took no 0 seconds", () => {
    const times = {
      ...{ avg_cold_startup_time: 21, cold_startup_times: [20, 22], cold_startup_percentiles: { "50": 21 } },
      ...{ avg_cold_compilation_time: 5, cold_compilation_times: [5, 5.5], avg_warm_startup_time: 12 },
      ...{ warm_startup_times: [12], warm_compilation_times: [0] },
    };
    const given = { timestamp: "2026-11-22T06:00:00Z" };
    const [run] = importing("startup.json", times, given);
    expect(run!.source).toMatchObject({ format: "vllm-startup" });
    expect(run!.cells).toMatchObject([
      { id: "startup-benchmark/cold_offline", params: { cache: "cold", iterations: 2, offline: true } },
      { id: "startup-benchmark/warm_offline", metrics: { startup_s: { count: 1, p50: 12 } } },
    ]);
    expect(metricsOf(run!).map((metrics) => Object.keys(metrics))).toEqual([["startup_s", "compile_s"], ["startup_s"]]);
    const none = { cold_startup_times: [], avg_cold_startup_time: null };
    expect(() => importing("startup.json", none, given)).toThrow("startup.json holds no start, neither cold nor warm");
  });

  test("of throughput keep what they counted", () => {
    const file = {
      elapsed_time: 2,
      num_requests: 10,
      total_num_tokens: 400,
      requests_per_second: 5,
      tokens_per_second: 200,
    };
    const at = { timestamp: "2026-11-22T06:00:00Z" };
    const [run] = importing("throughput.json", file, at);
    const metrics = { duration_s: 2, completed: 10, request_throughput_req_s: 5, total_token_throughput_tok_s: 200 };
    expect(metricsOf(run!)).toEqual([metrics]);
    expect(run!.cells[0]).toMatchObject({ id: "throughput-benchmark/prompts_10", params: { numPrompts: 10 } });
    const [real] = importing("throughput_in_64_out_16.json", fixture("vllm-0.32.0/throughput.json"), at);
    expect(real!.cells[0]).toMatchObject({
      id: "throughput-benchmark/in_64_out_16_prompts_1000",
      params: { inputLen: 64, outputLen: 16, numPrompts: 1000 },
    });
  });
});

describe("records in PyTorch's format", () => {
  const record = (name: string, values: number[], args: object) => ({
    benchmark: { name: "vLLM benchmark", extra_info: { args } },
    model: { name: "tiny-llama" },
    metric: { name, benchmark_values: values, extra_info: { tpu: false } },
  });

  test("that vLLM wrote are read with the arguments in them", () => {
    const args = { batch_size: 4, input_len: 32, output_len: 128, tensor_parallel_size: 2 };
    const given = { model: undefined, timestamp: "2026-11-22T06:00:00Z" };
    const [run] = importing("latency_bs4.pytorch.json", [record("latency", [1, 3], args)], given);
    expect(named(run!)).toEqual(["latency-sweep/in_32_out_128_bs_4"]);
    expect(run).toMatchObject({ model: { name: "tiny-llama", tensorParallel: 2 }, source: { tool: "vLLM benchmark" } });
    expect(metricsOf(run!)).toMatchObject([{ latency_s: { count: 2, mean: 2 } }]);
  });

  test("of throughput become one cell, with the time and the requests that stand beside", () => {
    const args = { input_len: 32, output_len: 128, num_prompts: 10 };
    const records = [record("requests_per_second", [5], args), record("tokens_per_second", [800], args)];
    for (const { metric } of records) Object.assign(metric.extra_info, { elapsed_time: 2, num_requests: 10 });
    const [run] = importing("t.pytorch.json", records, { model: undefined, timestamp: "2026-11-22T06:00:00Z" });
    expect(named(run!)).toEqual(["throughput-benchmark/in_32_out_128_prompts_10"]);
    expect(metricsOf(run!)).toEqual([
      { request_throughput_req_s: 5, total_token_throughput_tok_s: 800, duration_s: 2, completed: 10 },
    ]);
  });

  test("of a machine whose GPU nobody told leave it unknown, and go out so", () => {
    const at = { model: undefined, gpu: undefined, timestamp: "2026-11-22T06:00:00Z" };
    const records = [record("latency", [1], { batch_size: 4, input_len: 32, output_len: 128 })];
    const [unknown] = importing("l.pytorch.json", records, at);
    expect(unknown!.host).toMatchObject({ gpu: null, gpuCount: null });
    expect(JSON.parse(exportPytorch([unknown!]))[0].runners).toEqual([{ name: "h100", type: "unknown" }]);
    const [none] = importing("l.pytorch.json", records, { ...at, gpu: "none" });
    expect(none!.host).toMatchObject({ gpu: null, gpuCount: 0 });
    expect(JSON.parse(exportPytorch([none!]))[0].runners).toEqual([{ name: "h100", type: "cpu", gpu_count: 0 }]);
    for (const [run, gpu] of [
      [unknown, null],
      [none, 0],
    ] as const) {
      const [again] = importing("back.json", JSON.parse(exportPytorch([run!])), at);
      expect(again!.host.gpuCount).toBe(gpu);
    }
  });

  test("are no results of vLLM, whatever they are called", () => {
    const file = { name: "latency_bs4.json", text: JSON.stringify([record("latency", [1], {})]) };
    expect(() => importFile(file, "vllm", host)).toThrow("is PyTorch's benchmark format");
  });

  test("that we exported give every number back", () => {
    const run = runNumber(1);
    const [back] = importing("records.json", exportPytorch([run]), { model: undefined, hostLabel: undefined });
    expect(back!.cells).toEqual(run.cells);
    expect(back).toMatchObject({
      startedAt: run.startedAt,
      model: { name: run.model.name },
      host: { label: "h100-1" },
    });
    expect(back!.trigger).toMatchObject({ commit: run.trigger.commit, ref: run.trigger.ref });
  });
});

describe("data.js of github-action-benchmark", () => {
  const runs = [runNumber(1), runNumber(2)];
  const text = exportDataJs(runs);

  test("that we exported comes out again as it went in", () => {
    const back = importing("data.js", text);
    expect(back.map(({ trigger }) => trigger.commit)).toEqual(runs.map(({ trigger }) => trigger.commit));
    const withContext = back.map((run) => ({ ...run, trigger: runs[0]!.trigger, engine: runs[0]!.engine }));
    const strip = (data: string) => data.replaceAll(/"extra": "[^"]*"|"lastUpdate": \d+/g, "");
    expect(strip(exportDataJs(withContext))).toBe(strip(text));
  });

  test("is read without the assignment too", () => {
    const json = text.replace("window.BENCHMARK_DATA = ", "");
    expect(importing("data.json", json).map(({ id }) => id)).toEqual(importing("data.js", text).map(({ id }) => id));
  });

  test("with vLLM's own names of metrics becomes the same metrics", () => {
    const benches = [{ name: "serve-benchmark/in_300_out_100_rate_2 mean_ttft_ms", value: 20, unit: "ms" }];
    const entry = {
      commit: { id: "abc", message: "m" },
      date: 1_790_000_000_000,
      tool: "customSmallerIsBetter",
      benches,
    };
    const [run] = importing("data.js", `window.BENCHMARK_DATA = ${JSON.stringify({ entries: { suite: [entry] } })}`);
    expect(run!.cells).toMatchObject([
      { params: { inputLen: 300, outputLen: 100, requestRate: 2 }, metrics: { ttft_ms: { mean: 20 } } },
    ]);
  });

  test.each([
    ["in_300_out_100_ramp_2_50_chat", { inputLen: 300, outputLen: 100, rampFrom: 2, rampTo: 50, endpoint: "chat" }],
    [
      "in_300_out_100_range_0.2_prefix_64_rate_4_burstiness_0.5_max_16",
      { rangeRatio: 0.2, sharedPrefix: 64, maxConcurrency: 16 },
    ],
    ["in_8k_out_1_024_concurrency_16", { concurrency: 16 }],
  ])("says in a name what it says, and no number that may be another: %s", (cell, params) => {
    const benches = [{ name: `serve-benchmark/${cell} ttft_ms.p50`, value: 20, unit: "ms" }];
    const entry = { commit: { id: "abc", message: "m" }, date: 1_790_000_000_000, benches };
    const [run] = importing("data.js", { entries: { suite: [entry] } });
    expect(run!.cells).toMatchObject([{ id: `serve-benchmark/${cell}`, params }]);
    if (cell.startsWith("in_8k")) expect(run!.cells[0]!.params).toEqual(params);
  });
});

test("the same file gives the same documents whenever it is imported", () => {
  const given = { timestamp: "2026-11-22T06:00:00Z" };
  expect(importing("a.json", [aggregate], given)).toEqual(importing("a.json", [aggregate], given));
});

describe("several results, one a line,", () => {
  const line = JSON.stringify(JSON.parse(fixture("vllm-0.32.0/in_300_out_100.json")));
  const detected = (text: string) => detectFormat({ name: "x.json", text });

  test("are told by the first of them, as vLLM appends them", () => {
    expect(detected(`${line}\n${line}\n`)).toBe("vllm");
    expect(importing("x.json", `${line}\n${line}\n`, { timeZone: "Z", inputLen: 300, outputLen: 100 })).toHaveLength(2);
  });

  test("are no list whose elements have a line each", () => {
    expect(detected(`[\n${JSON.stringify(aggregate)}\n]`)).toBe("inferencex");
  });
});

describe("a bad file is named with what is wrong with it", () => {
  const given = { timestamp: "2026-11-22T06:00:00Z", timeZone: "Z" };
  const benches = [{ name: "BenchmarkFoo", value: 1, unit: "ns/op" }];
  const foreign = { entries: { s: [{ commit: { id: "a" }, date: 1, tool: "go", benches }] } };
  test.each<[string, string, unknown, RegExp]>([
    ["cut off", "x.json", '{"completed": 1, "dura', /x\.json is not valid JSON/],
    ["empty", "x.json", "", /x\.json is not valid JSON/],
    ["of another tool", "x.json", { hello: 1 }, /x\.json is in no format that can be imported/],
    ["a list of nothing", "x.json", [], /x\.json is in no format/],
    ["names that are no series", "data.js", foreign, /data\.js, 1970.*“BenchmarkFoo” is not the name of a series/],
    ["a history without entries", "data.js", { entries: {} }, /data\.js has no entries/],
    ["GPUs apart", "agg.json", { ...aggregate, disagg: true }, /agg\.json, b200, concurrency 16: prefill and decode/],
    ["no throughput", "agg.json", { ...aggregate, tput_per_gpu: "fast" }, /agg\.json .*expected form/],
    ["half a record", "p.json", [{ benchmark: {}, metric: {} }], /p\.json is not in PyTorch's benchmark format/],
    [
      "a negative count",
      "in_1_out_1.json",
      { completed: -1, duration: 1, num_prompts: 1 },
      /in_1_out_1\.json is not a result/,
    ],
  ])("%s", (_, name, content, message) => expect(() => importing(name, content, given)).toThrow(message));
});
