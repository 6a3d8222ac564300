import { z } from "zod";
import { UserError } from "../../errors.ts";
import type { SingleMeasurement } from "../document/cell.ts";
import { sum } from "../metrics/distribution.ts";
import type { Metrics } from "../metrics/metric.ts";
import { readServeFile, type ServeResult } from "./file.ts";
import { type LatencyResult, readLatencyFile } from "./latency-file.ts";
import { parsePythonJson, parseWith } from "./python-json.ts";
import { readStartupFile, type StartupResult } from "./startup-file.ts";

const ThroughputFile = z.looseObject({
  // Since 0.32.
  model_id: z.string().nullish(),
  elapsed_time: z.number().positive(),
  num_requests: z.int().nonnegative(),
  total_num_tokens: z.int().nonnegative(),
  requests_per_second: z.number().nonnegative(),
  tokens_per_second: z.number().nonnegative(),
});

export interface ThroughputResult {
  modelId: string | undefined;
  numRequests: number;
  /** Prompt and output tokens together. */
  totalTokens: number;
  metrics: Metrics;
}

/**
 * A file of `vllm bench throughput` or benchmark_throughput.py.
 * @throws UserError when the text is none
 */
export function readThroughputFile(text: string, name: string): ThroughputResult {
  const file = parseWith(ThroughputFile, text, name, "`vllm bench throughput`");
  return {
    modelId: file.model_id ?? undefined,
    numRequests: file.num_requests,
    totalTokens: file.total_num_tokens,
    metrics: {
      duration_s: file.elapsed_time,
      completed: file.num_requests,
      request_throughput_req_s: file.requests_per_second,
      total_token_throughput_tok_s: file.tokens_per_second,
    },
  };
}

/** The content of a `vllm bench throughput` file. */
export function vllmThroughputFile(
  modelId: string,
  { durationS, inputTokens, outputTokens }: Extract<SingleMeasurement, { kind: "batch" }>,
) {
  const tokens = sum([...inputTokens, ...outputTokens]);
  return {
    model_id: modelId,
    elapsed_time: durationS,
    num_requests: outputTokens.length,
    total_num_tokens: tokens,
    requests_per_second: outputTokens.length / durationS,
    tokens_per_second: tokens / durationS,
  };
}

export type VllmResult =
  | ({ kind: "serve" } & ServeResult)
  | ({ kind: "latency" } & LatencyResult)
  | ({ kind: "throughput" } & ThroughputResult)
  | ({ kind: "startup" } & StartupResult);

/**
 * A result file of any of vLLM's benchmarks and of any version, told apart by its keys. `--append-result` makes several
 * results, one a line.
 * @throws UserError naming file and line when it is none, PyTorch's benchmark format included
 */
export function readVllmResults(text: string, name: string): VllmResult[] {
  return resultTexts(text, name).map((one) => readVllmResult(one.text, one.name));
}

/** The text of each result in a file, and how errors call it. */
export function resultTexts(text: string, name: string): { text: string; name: string }[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const isAppended = lines.length > 1 && lines.every((line) => line.startsWith("{") && line.trimEnd().endsWith("}"));
  if (!isAppended) return [{ text, name }];
  return lines.map((line, index) => ({ text: line, name: `${name}, result ${index + 1}` }));
}

/** @throws UserError naming the file when it is no result */
export function readVllmResult(text: string, name: string): VllmResult {
  const value = parsePythonJson(text, name);
  if (Array.isArray(value) && value.length > 0 && value.every((record) => has(record, "benchmark", "metric"))) {
    throw new UserError(
      `${name} is PyTorch's benchmark format, which vLLM writes beside its results; give the file without .pytorch in its name`,
    );
  }
  if (has(value, "avg_latency")) return { kind: "latency", ...readLatencyFile(text, name) };
  if (has(value, "elapsed_time", "num_requests")) return { kind: "throughput", ...readThroughputFile(text, name) };
  if (has(value, "completed", "duration")) return { kind: "serve", ...readServeFile(text, name) };
  if (has(value, "cold_startup_times") || has(value, "warm_startup_times")) {
    return { kind: "startup", ...readStartupFile(text, name) };
  }
  throw new UserError(
    `${name} is no result of vLLM's benchmarks: serve files hold completed and duration, latency files avg_latency, throughput files elapsed_time and num_requests, startup files cold_startup_times`,
  );
}

function has(value: unknown, ...keys: string[]): boolean {
  return typeof value === "object" && value !== null && keys.every((key) => key in value);
}
