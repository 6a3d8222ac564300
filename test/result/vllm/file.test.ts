import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.ts";
import { readServeFile } from "../../../src/result/vllm/file.ts";
import { readLatencyFile, vllmLatencyFile } from "../../../src/result/vllm/latency-file.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/vllm-0.32.0/${name}`, import.meta.url), "utf8");
const OPEN_LOOP = JSON.parse(fixture("in_300_out_100.json"));
const read = (changes: object) => readServeFile(JSON.stringify({ ...OPEN_LOOP, ...changes }), "f.json");

describe("a file of vllm bench serve", () => {
  test("gives what was asked, what came, and the metrics under our names", () => {
    const { measurement, ...facts } = readServeFile(fixture("in_300_out_100.json"), "f.json");
    expect(facts).toEqual({
      date: "20261122-063550",
      modelId: "tiny-llama",
      backend: "vllm",
      numPrompts: 60,
      completed: 60,
      failed: 0,
    });
    expect(measurement).toMatchObject({
      kind: "reported",
      tool: "vllm bench serve",
      inputTokens: 18046,
      outputTokens: 6000,
    });
    expect(measurement.metrics).toMatchObject({
      duration_s: OPEN_LOOP.duration,
      request_throughput_req_s: OPEN_LOOP.request_throughput,
      output_throughput_tok_s: OPEN_LOOP.output_throughput,
      total_token_throughput_tok_s: OPEN_LOOP.total_token_throughput,
    });
    expect(measurement.metrics.ttft_ms).toEqual({
      mean: OPEN_LOOP.mean_ttft_ms,
      std: OPEN_LOOP.std_ttft_ms,
      p25: OPEN_LOOP.p25_ttft_ms,
      p50: OPEN_LOOP.median_ttft_ms,
      p75: OPEN_LOOP.p75_ttft_ms,
      p90: OPEN_LOOP.p90_ttft_ms,
      p99: OPEN_LOOP.p99_ttft_ms,
      "p99.9": OPEN_LOOP["p99.9_ttft_ms"],
    });
    expect(Object.keys(measurement.metrics)).toEqual(expect.arrayContaining(["tpot_ms", "itl_ms", "e2el_ms"]));
  });

  test("with every request failed gives counts only: its zeros are no measurements", () => {
    const { measurement, completed, failed } = readServeFile(fixture("all_failed.json"), "f.json");
    expect([completed, failed]).toEqual([0, 5]);
    expect(Object.keys(measurement.metrics)).toEqual(["duration_s", "completed", "failed"]);
  });

  test("that is detailed gives the same metrics as one that is not", () => {
    const detailed = JSON.parse(fixture("concurrency_4_in_100_out_20_detailed.json"));
    const { itls, ttfts, generated_texts, ...summary } = detailed;
    const [whole, short] = [detailed, summary].map((file) => readServeFile(JSON.stringify(file), "f.json"));
    expect(whole).toEqual(short);
  });

  test("without `failed`, as before October 2025, counts what is missing", () => {
    const { failed } = read({ failed: undefined, completed: 58 });
    expect(failed).toBe(2);
  });

  test("with the misspelt goodput key of spring 2025 gives the goodput, 0 included", () => {
    const goodput = (changes: object) => read(changes).measurement.metrics.request_goodput_req_s;
    expect(goodput({ request_goodput: undefined, "request_goodput:": 4.5 })).toBe(4.5);
    expect(goodput({ request_goodput: 0 })).toBe(0);
    expect(goodput({ request_goodput: null })).toBeUndefined();
  });

  test("in which nothing was completed is read whatever else it says", () => {
    const { metrics } = read({ completed: 0, failed: undefined, mean_ttft_ms: -1 }).measurement;
    expect(metrics).toEqual({ duration_s: expect.any(Number), completed: 0, failed: 60 });
  });

  test("without a total throughput, as before October 2024, gets it from tokens and duration", () => {
    const { measurement } = read({ total_token_throughput: undefined });
    expect(measurement.metrics.total_token_throughput_tok_s).toBeCloseTo(OPEN_LOOP.total_token_throughput, 6);
  });

  test("with a client queue gives it", () =>
    expect(
      read({ mean_client_queue_time_ms: 3, median_client_queue_time_ms: 2 }).measurement.metrics.client_queue_ms,
    ).toEqual({
      mean: 3,
      p50: 2,
    }));

  test("with all zeros for one metric, as for one-token answers, leaves that metric out", () => {
    const zeros = Object.fromEntries(
      Object.keys(OPEN_LOOP)
        .filter((key) => key.endsWith("_tpot_ms"))
        .map((key) => [key, 0]),
    );
    expect(read(zeros).measurement.metrics.tpot_ms).toBeUndefined();
  });

  test("with Python's NaN and Infinity is read; they are absent, and text that looks like them stays text", () => {
    const text = JSON.stringify({ ...OPEN_LOOP, label: "NaN and Infinity \\" })
      .replace(/"mean_ttft_ms":[^,]+/, '"mean_ttft_ms":NaN')
      .replace(/"std_ttft_ms":[^,]+/, '"std_ttft_ms": -Infinity');
    const { ttft_ms: ttft } = readServeFile(text, "f.json").measurement.metrics;
    expect([ttft?.mean, ttft?.std, ttft?.p50]).toEqual([undefined, undefined, OPEN_LOOP.median_ttft_ms]);
  });

  test("that --append-result made of several is refused with the way out", () => {
    const line = JSON.stringify(OPEN_LOOP);
    expect(() => readServeFile(`${line}\n${line}\n`, "f.json")).toThrow(
      new UserError(
        "f.json holds 2 results, one a line, as --append-result writes them; split it into one file a result",
      ),
    );
  });

  test.each([
    ["", "f.json is not valid JSON"],
    ['{"date": ', "f.json is not valid JSON"],
    ['{"avg_latency": 1}', "f.json is not a result of `vllm bench serve`"],
    ["[]", "f.json is not a result of `vllm bench serve`"],
  ])("that is none (%j) is refused: %s", (text, message) =>
    expect(() => readServeFile(text, "f.json")).toThrow(message),
  );
});

describe("a file of vllm bench latency", () => {
  const text = fixture("latency_bs1.json");
  const file = JSON.parse(text);

  test("gives its iterations and a summary that agrees with its own", () => {
    const { latenciesS, latency_s } = readLatencyFile(text, "f.json");
    expect(latenciesS).toEqual(file.latencies);
    expect(latency_s.count).toBe(10);
    expect(latency_s.mean).toBeCloseTo(file.avg_latency, 12);
    expect(latency_s.p10).toBeCloseTo(file.percentiles["10"], 12);
    expect(latency_s.p99).toBeCloseTo(file.percentiles["99"], 12);
  });

  test("without iterations gives its own summary", () => {
    const { latency_s } = readLatencyFile(
      JSON.stringify({ ...file, std_latency: 0.1, latencies: undefined }),
      "f.json",
    );
    const { "10": p10, "25": p25, "50": p50, "75": p75, "90": p90, "99": p99 } = file.percentiles;
    expect(latency_s).toEqual({ mean: file.avg_latency, std: 0.1, p10, p25, p50, p75, p90, p99 });
  });

  test("that we write has vLLM's keys and vLLM's numbers", () => {
    const ours = vllmLatencyFile(file.latencies);
    expect(Object.keys(ours)).toEqual(["avg_latency", "std_latency", "latencies", "percentiles"]);
    expect(Object.keys(ours.percentiles)).toEqual(Object.keys(file.percentiles));
    expect(ours.latencies).toEqual(file.latencies);
    expect(ours.avg_latency).toBeCloseTo(file.avg_latency, 12);
    for (const [percent, value] of Object.entries(ours.percentiles)) {
      expect(value).toBeCloseTo(file.percentiles[percent], 12);
    }
  });

  test("that we write is read back", () =>
    expect(readLatencyFile(JSON.stringify(vllmLatencyFile([2, 1])), "f.json")).toEqual({
      latenciesS: [2, 1],
      latency_s: expect.objectContaining({ count: 2, mean: 1.5, std: 0.5 }),
    }));
});
