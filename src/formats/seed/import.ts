import { z } from "zod";
import { listOf } from "../../checked.ts";
import { parseJson } from "../../files.ts";
import type { Run } from "../../result/document/run.ts";
import type { Metrics } from "../../result/metrics/metric.ts";
import { present } from "../../result/present.ts";
import { byTimestamp, type ImportContext, importedRun, okCell, type SourceFile, writtenAt } from "../imported-run.ts";
import { servingMetrics } from "../vllm/keys.ts";

/*
 * Histories of cquil11/cam-ci-challenge: plain lists of numbers that say when, but neither where nor with what. Values
 * are kept as they are; whatever these files do not say is asked of the caller or absent. A key that has no place in the
 * run document is an error, so that nothing is left out in silence.
 */

export interface Lengths {
  inputLen: number;
  outputLen: number;
}

const value = z.number().nullish();

const LatencyPoint = z.strictObject({
  timestamp: z.string(),
  results: z
    .array(z.strictObject({ batch_size: z.int().positive(), avg_latency: value, p50: value, p90: value, p99: value }))
    .min(1),
});

/**
 * `data.json`, or one file of `benchmark_history`: batch latencies in seconds, one document a point.
 * @throws UserError naming the file and what in it cannot be kept
 */
export function importLatencies(file: SourceFile, context: ImportContext, lengths: Lengths): Run[] {
  const schema = z.union([listOf(LatencyPoint), LatencyPoint.transform((point) => [point])]);
  const points = parseJson(file.text, schema, file.name);
  const { inputLen, outputLen } = lengths;
  return points.map(({ timestamp, results }) => {
    const cells = results.map(({ batch_size: batchSize, avg_latency, p50, p90, p99 }) => {
      const id = `latency-sweep/in_${inputLen}_out_${outputLen}_bs_${batchSize}`;
      const metrics = { latency_s: present({ mean: avg_latency, p50, p90, p99 }) };
      const params = { batchSize, inputLen, outputLen };
      return okCell({ id, benchmark: "latency-sweep", params, metrics }, `${file.name}, ${timestamp}`);
    });
    return importedRun({ format: "latency-history", file, timestamp, note: writtenAt(timestamp), cells, context });
  });
}

const ServingHistories = z.record(
  z.string(),
  z.strictObject({
    input_len: z.int().positive(),
    output_len: z.int().positive(),
    total_tokens: z.int().positive(),
    history: listOf(z.object({ timestamp: z.string() }).catchall(value)),
  }),
);

/**
 * `e2e_benchmark_data.json`: serving metrics by pair of lengths, one document a timestamp.
 * @param tokensPerSecond the load that the requests of every pair offered; the rates follow from it
 * @throws UserError naming the file and what in it cannot be kept
 */
export function importServing(file: SourceFile, context: ImportContext, tokensPerSecond: number): Run[] {
  const histories = parseJson(file.text, ServingHistories, file.name);
  const points = Object.values(histories).flatMap(({ input_len: inputLen, output_len: outputLen, history }) =>
    history.map(({ timestamp, ...keys }) => {
      const requestRate = Math.round((tokensPerSecond / (inputLen + outputLen)) * 100) / 100;
      const id = `serve-benchmark/in_${inputLen}_out_${outputLen}_rate_${requestRate}`;
      const params = { inputLen, outputLen, requestRate };
      const place = `${file.name}, ${timestamp}`;
      const metrics = servingMetrics(keys, place);
      return { timestamp, cell: okCell({ id, benchmark: "serve-benchmark", params, metrics }, place) };
    }),
  );
  return byTimestamp(points).map(([timestamp, cells]) =>
    importedRun({ format: "serving-history", file, timestamp, note: writtenAt(timestamp), cells, context }),
  );
}

const ConcurrencyPoints = listOf(
  z.strictObject({
    timestamp: z.string(),
    max_concurrency: z.int().positive(),
    total_token_throughput: value,
    tokens_per_sec_user: value,
    mean_tpot_ms: value,
    mean_ttft_ms: value,
    cost_per_million_toks: value,
  }),
);

/**
 * `max_concurrency_benchmark_data.json`: one point a level of concurrency, one document a timestamp.
 * @throws UserError naming the file and what in it cannot be kept
 */
export function importConcurrency(file: SourceFile, context: ImportContext, lengths: Lengths): Run[] {
  const { inputLen, outputLen } = lengths;
  const points = parseJson(file.text, ConcurrencyPoints, file.name).map((point) => {
    const { timestamp, max_concurrency: concurrency } = point;
    const id = `serve-benchmark/in_${inputLen}_out_${outputLen}_concurrency_${concurrency}`;
    const params = { inputLen, outputLen, concurrency };
    const metrics: Metrics = present({
      ttft_ms: meanOnly(point.mean_ttft_ms),
      tpot_ms: meanOnly(point.mean_tpot_ms),
      total_token_throughput_tok_s: point.total_token_throughput,
      tokens_per_s_user: point.tokens_per_sec_user,
      cost_per_million_tokens: point.cost_per_million_toks,
    });
    const cell = okCell({ id, benchmark: "serve-benchmark", params, metrics }, `${file.name}, ${timestamp}`);
    return { timestamp, cell };
  });
  return byTimestamp(points).map(([timestamp, cells]) =>
    importedRun({ format: "concurrency-history", file, timestamp, note: writtenAt(timestamp), cells, context }),
  );
}

const meanOnly = (mean: number | null | undefined) => (typeof mean === "number" ? { mean } : undefined);
