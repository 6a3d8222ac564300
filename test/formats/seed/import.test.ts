import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { utcMoment } from "../../../src/database/document/moment.ts";
import { importConcurrency, importLatencies, importServing } from "../../../src/formats/seed/import.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import type { Run } from "../../../src/result/document/run.ts";
import type { Metrics } from "../../../src/result/metrics/metric.ts";
import { sampleRun } from "../../support/run-document.ts";

const { engine, model, host, client } = sampleRun;
const context = { engine, model, host, client };
const seed = (name: string) => ({
  name,
  text: readFileSync(join(PACKAGE_ROOT, "test/fixtures/seed-h100", name), "utf8"),
});
const latencyLengths = { inputLen: 512, outputLen: 128 };
const concurrencyLengths = { inputLen: 1000, outputLen: 200 };

const latencies = () => importLatencies(seed("data.json"), context, latencyLengths);
const serving = () => importServing(seed("e2e_benchmark_data.json"), context, 5000);
const concurrency = () => importConcurrency(seed("max_concurrency_benchmark_data.json"), context, concurrencyLengths);

/** Metrics of a cell, which must be there and good. */
function metricsOf(runs: Run[], startedAt: string, id: string) {
  const cell = runs.find((run) => run.startedAt === startedAt)?.cells.find((candidate) => candidate.id === id);
  if (cell?.status !== "ok") throw new Error(`${id} of ${startedAt} was not imported`);
  return cell;
}

test("every value of data.json is in a document, under its batch size and time", () => {
  const runs = latencies();
  const points = JSON.parse(seed("data.json").text);
  expect(runs).toHaveLength(16);
  for (const { timestamp, results } of points) {
    for (const { batch_size, avg_latency, ...percentiles } of results) {
      const id = `latency-sweep/in_512_out_128_bs_${batch_size}`;
      const cell = metricsOf(runs, timestamp.replace("+00:00", "Z"), id);
      expect(cell.params).toEqual({ batchSize: batch_size, inputLen: 512, outputLen: 128 });
      expect(cell.metrics).toEqual({ latency_s: { mean: avg_latency, ...percentiles } });
    }
  }
});

interface ServingHistory {
  input_len: number;
  output_len: number;
  history: ({ timestamp: string } & Record<string, unknown>)[];
}

test("every value of e2e_benchmark_data.json is in a document, under its pair, metric and statistic", () => {
  const runs = serving();
  expect(runs.map(({ cells }) => cells.map(({ id }) => id))).toEqual(
    Array(3).fill(
      [
        "300_out_100_rate_12.5",
        "500_out_200_rate_7.14",
        "800_out_300_rate_4.55",
        "1000_out_200_rate_4.17",
        "2000_out_400_rate_2.08",
      ].map((rest) => `serve-benchmark/in_${rest}`),
    ),
  );
  let values = 0;
  for (const { input_len, output_len, history } of Object.values<ServingHistory>(
    JSON.parse(seed("e2e_benchmark_data.json").text),
  )) {
    const requestRate = Number((5000 / (input_len + output_len)).toFixed(2));
    const id = `serve-benchmark/in_${input_len}_out_${output_len}_rate_${requestRate}`;
    for (const { timestamp, ...keys } of history) {
      const { metrics, params } = metricsOf(runs, timestamp, id);
      expect(params).toEqual({ inputLen: input_len, outputLen: output_len, requestRate });
      for (const [key, value] of Object.entries(keys)) {
        expect(lookUp(metrics, key), key).toBe(value);
        values += 1;
      }
    }
  }
  expect(values).toBe(450);
});

/** `p99.9_ttft_ms` is p99.9 of ttft_ms; throughputs got their unit. */
function lookUp(metrics: Metrics, key: string): unknown {
  const [statistic, metric] = key.split("_");
  const values: Record<string, unknown> = metrics;
  if (key === "request_throughput") return values.request_throughput_req_s;
  if (key.endsWith("throughput")) return values[`${key}_tok_s`];
  return (values[`${metric}_ms`] as Record<string, unknown>)[statistic === "median" ? "p50" : statistic!];
}

test("every value of max_concurrency_benchmark_data.json is in one document, under its level", () => {
  const [run, ...others] = concurrency();
  expect(others).toEqual([]);
  const points = JSON.parse(seed("max_concurrency_benchmark_data.json").text);
  const levels = [1, 2, 4, 8, 16, 32, 64];
  expect(run!.cells.map(({ params }) => params.concurrency)).toEqual(levels);
  for (const point of points) {
    const id = `serve-benchmark/in_1000_out_200_concurrency_${point.max_concurrency}`;
    expect(metricsOf([run!], point.timestamp, id).metrics).toEqual({
      ttft_ms: { mean: point.mean_ttft_ms },
      tpot_ms: { mean: point.mean_tpot_ms },
      total_token_throughput_tok_s: point.total_token_throughput,
      tokens_per_s_user: point.tokens_per_sec_user,
      cost_per_million_tokens: point.cost_per_million_toks,
    });
  }
});

test("importing twice gives the same bytes, with an id for each document", () => {
  const once = [...latencies(), ...serving(), ...concurrency()];
  const again = [...latencies(), ...serving(), ...concurrency()];
  expect(again.map(serializeRun)).toEqual(once.map(serializeRun));
  expect(new Set(once.map(({ id }) => id)).size).toBe(20);
});

test("a document names its source, and says nothing that the file does not know", () => {
  const run = latencies()[0]!;
  expect(run).toMatchObject({ ...context, simulated: false, startedAt: "2025-09-04T23:28:30.571673Z" });
  expect(run.source).toMatchObject({ format: "latency-history", file: "data.json" });
  expect(run.trigger.commit).toBeNull();
});

test("a file of benchmark_history, which is one point, gives the id that the same point has in data.json", () => {
  const points = JSON.parse(seed("data.json").text);
  const file = { name: "data_point.json", text: JSON.stringify(points[3]) };
  const [run] = importLatencies(file, context, latencyLengths);
  expect(run!.id).toBe(latencies()[3]!.id);
});

describe("what has no place in a run document is refused", () => {
  const latency = (point: object) => () =>
    importLatencies({ name: "data.json", text: JSON.stringify([point]) }, context, latencyLengths);
  const timestamp = "2025-09-04T23:28:30Z";
  const serve = (keys: object) => () => {
    const pair = { input_len: 1, output_len: 1, total_tokens: 2, history: [{ timestamp, ...keys }] };
    return importServing({ name: "e2e.json", text: JSON.stringify({ "1_1": pair }) }, context, 5000);
  };

  test.each([
    ["a point without results", latency({ timestamp, results: [] }), /data\.json does not have the expected form/],
    [
      "a point without numbers",
      latency({ timestamp, results: [{ batch_size: 1 }] }),
      /there are no numbers for latency-sweep/,
    ],
    [
      "a time that is none",
      latency({ timestamp: "noon", results: [{ batch_size: 1, p50: 1 }] }),
      /“noon” is not a date/,
    ],
    [
      "a size twice",
      latency({
        timestamp,
        results: [
          { batch_size: 1, p50: 1 },
          { batch_size: 1, p50: 2 },
        ],
      }),
      /two points for latency-sweep/,
    ],
    ["an unknown key of a size", latency({ timestamp, results: [{ batch_size: 1, p50: 1, p42: 1 }] }), /expected form/],
    ["an unknown metric", serve({ happiness: 1 }), /e2e\.json, .*: “happiness” is not a metric/],
    ["an unknown percentile", serve({ p42_ttft_ms: 1 }), /p42: is no known name/],
    [
      "two medians",
      serve({ p50_itl_ms: 1, median_itl_ms: 2 }),
      /median_itl_ms is 2, but the other of median and p50 is 1/,
    ],
    ["only nothing", serve({ mean_ttft_ms: null }), /there are no numbers/],
  ])("%s", (_, importing, message) => expect(importing).toThrow(message));

  test("text that is cut off", () => {
    const text = seed("data.json").text.slice(0, -20);
    expect(() => importLatencies({ name: "data.json", text }, context, latencyLengths)).toThrow(
      "data.json is not valid JSON",
    );
  });
});

test("a missing value is absent, not zero", () => {
  const point = {
    timestamp: "2025-09-05T22:59:47Z",
    max_concurrency: 1,
    mean_tpot_ms: 10,
    cost_per_million_toks: null,
  };
  const [run] = importConcurrency({ name: "c.json", text: JSON.stringify([point]) }, context, concurrencyLengths);
  expect(metricsOf([run!], point.timestamp, run!.cells[0]!.id).metrics).toEqual({ tpot_ms: { mean: 10 } });
});

test.each([
  ["2025-09-04T23:28:30.571673+00:00", "2025-09-04T23:28:30.571673Z"],
  ["2025-09-05T17:38:37.416651Z", "2025-09-05T17:38:37.416651Z"],
  ["2025-09-05T17:38:37.416651", "2025-09-05T17:38:37.416651Z"],
  ["2025-09-05 17:38:37", "2025-09-05T17:38:37Z"],
  ["2025-09-05T01:30:00.123456789+02:00", "2025-09-04T23:30:00.123456789Z"],
])("%s is the moment %s", (text, moment) => expect(utcMoment(text, "f")).toBe(moment));
