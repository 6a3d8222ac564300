import { z } from "zod";
import type { Measurement } from "../cell.ts";
import { type Distribution, mean, PERCENTILES, percentile, standardDeviation, summarize } from "../distribution.ts";
import type { Metrics } from "../metric.ts";
import { parseWith } from "./python-json.ts";

/*
 * Result files of vLLM's own benchmarks, of every version since 0.6, its scripts benchmarks/benchmark_*.py included.
 * They carry no version: keys came and went, so everything but the counts is optional. vLLM writes 0 for what it could not measure; here that is absent.
 */

const number = z.number().nullish();
const count = z.int().nonnegative();

const ServeFile = z.looseObject({
  // Local time without its zone: 20261122-063550.
  date: z.string().nullish(),
  model_id: z.string().nullish(),
  backend: z.string().nullish(),
  // `vllm bench serve` of 0.8 to 0.10 has this one only.
  endpoint_type: z.string().nullish(),
  num_prompts: count,
  request_rate: z.union([z.number(), z.literal("inf")]).nullish(),
  max_concurrency: z.int().positive().nullish(),
  completed: count,
  failed: count.nullish(),
  total_input_tokens: count,
  // Embedding and scoring have no output.
  total_output_tokens: count.default(0),
  duration: z.number().positive(),
  request_throughput: number,
  output_throughput: number,
  total_token_throughput: number,
  request_goodput: number,
  // Until spring 2025 the key had a colon in it.
  "request_goodput:": number,
});
type ServeFile = z.infer<typeof ServeFile>;

/** What a `vllm bench serve` file says. `failed` is what is missing from the prompts where the file does not say. */
export interface ServeResult {
  /** Local time of the client, whose zone the file does not say: `YYYYMMDD-HHMMSS`. */
  date: string | undefined;
  modelId: string | undefined;
  backend: string | undefined;
  numPrompts: number;
  requestRate: number | "inf" | undefined;
  maxConcurrency: number | undefined;
  completed: number;
  failed: number;
  measurement: Extract<Measurement, { kind: "reported" }>;
}

/**
 * @param name shown in errors; usually the file's path
 * @throws UserError when the text is not one result of `vllm bench serve`
 */
export function readServeFile(text: string, name: string): ServeResult {
  const file = parseWith(ServeFile, text, name, "`vllm bench serve`");
  const failed = file.failed ?? Math.max(file.num_prompts - file.completed, 0);
  return {
    date: file.date ?? undefined,
    modelId: file.model_id ?? undefined,
    backend: file.backend ?? file.endpoint_type ?? undefined,
    numPrompts: file.num_prompts,
    requestRate: file.request_rate ?? undefined,
    maxConcurrency: file.max_concurrency ?? undefined,
    completed: file.completed,
    failed,
    measurement: {
      kind: "reported",
      tool: "vllm bench serve",
      metrics: serveMetrics(file, failed),
      inputTokens: file.total_input_tokens,
      outputTokens: file.total_output_tokens,
    },
  };
}

function serveMetrics(file: ServeFile, failed: number): Metrics {
  const counts = { duration_s: file.duration, completed: file.completed, failed };
  if (file.completed === 0) return counts;
  const tokens = file.total_input_tokens + file.total_output_tokens;
  const metrics = {
    ...counts,
    ttft_ms: distributionOf(file, "ttft"),
    tpot_ms: distributionOf(file, "tpot"),
    itl_ms: distributionOf(file, "itl"),
    e2el_ms: distributionOf(file, "e2el"),
    client_queue_ms: distributionOf(file, "client_queue_time"),
    request_throughput_req_s: file.request_throughput,
    output_throughput_tok_s: file.output_throughput,
    total_token_throughput_tok_s: file.total_token_throughput ?? tokens / file.duration,
    // 0 here is a measurement (no request met its limits); without limits the key is null.
    request_goodput_req_s: file.request_goodput ?? file["request_goodput:"],
  };
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => value !== undefined && value !== null));
}

/** The percentiles asked of vLLM differ; the median is always there. All zeros mean that there was no sample. */
function distributionOf(file: ServeFile, metric: string): Distribution | undefined {
  const read = (statistic: string) => {
    const value = file[`${statistic}_${metric}_ms`];
    return typeof value === "number" ? value : undefined;
  };
  const percentiles = PERCENTILES.map((percent) => [`p${percent}`, read(`p${percent}`)] as const);
  const entries = Object.entries({
    mean: read("mean"),
    std: read("std"),
    p50: read("median"),
    ...Object.fromEntries(percentiles.filter(([, value]) => value !== undefined)),
  }).filter(([, value]) => value !== undefined);
  return entries.some(([, value]) => value !== 0) ? Object.fromEntries(entries) : undefined;
}

const LATENCY_PERCENTILES = [10, 25, 50, 75, 90, 99] as const;

const LatencyFile = z.looseObject({
  // Since 0.32.
  model_id: z.string().nullish(),
  avg_latency: z.number().positive(),
  std_latency: z.number().nonnegative().optional(),
  latencies: z.array(z.number().positive()).default([]),
  percentiles: z.record(z.string(), z.number().positive()).default({}),
});

export interface LatencyResult {
  /** The file says nothing else of what was measured. */
  modelId?: string;
  latenciesS: number[];
  latency_s: Distribution;
}

/** A file of `vllm bench latency` or benchmark_latency.py: every iteration in seconds, and their summary. */
export function readLatencyFile(text: string, name: string): LatencyResult {
  const file = parseWith(LatencyFile, text, name, "`vllm bench latency`");
  const known = PERCENTILES.flatMap((percent) => {
    const value = file.percentiles[String(percent)];
    return value === undefined ? [] : [[`p${percent}`, value] as const];
  });
  const std = file.std_latency === undefined ? {} : { std: file.std_latency };
  const reported = { mean: file.avg_latency, ...std, ...Object.fromEntries(known) };
  const model = typeof file.model_id === "string" ? { modelId: file.model_id } : {};
  return { ...model, latenciesS: file.latencies, latency_s: summarize(file.latencies) ?? reported };
}

/** The content of a `vllm bench latency` file; seconds. */
export function vllmLatencyFile(latenciesS: readonly number[]) {
  const ascending = latenciesS.toSorted((a, b) => a - b);
  return {
    avg_latency: mean(latenciesS),
    std_latency: standardDeviation(latenciesS),
    latencies: [...latenciesS],
    percentiles: Object.fromEntries(LATENCY_PERCENTILES.map((p) => [String(p), percentile(ascending, p)])),
  };
}
