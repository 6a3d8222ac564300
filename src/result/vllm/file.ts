import { z } from "zod";
import { listOf } from "../../checked.ts";
import { UserError } from "../../errors.ts";
import type { Measurement } from "../document/cell.ts";
import { impossibleTimes } from "../gate/impossible.ts";
import { type Distribution, PERCENTILES } from "../metrics/distribution.ts";
import type { Metrics } from "../metrics/metric.ts";
import { parseWith } from "./python-json.ts";

/*
 * Result files of vLLM's own benchmarks, of every version since 0.6, its scripts benchmarks/benchmark_*.py included.
 * They carry no version: keys came and went, so everything but the counts is optional. vLLM writes 0 for what it could not measure; here that is absent.
 */

const number = z.number().nullish();
const seconds = z.number().positive({ error: ({ input }) => `a time must be above 0, and this is ${input}` });
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
  duration: seconds,
  request_throughput: number,
  output_throughput: number,
  total_token_throughput: number,
  request_goodput: number,
  // Until spring 2025 the key had a colon in it.
  "request_goodput:": number,
  // Seconds, one a request; 0 for one that failed.
  latencies: listOf(z.number()).nullish(),
});
type ServeFile = z.infer<typeof ServeFile>;

/** What a `vllm bench serve` file says. `failed` is what is missing from the prompts where the file does not say. */
export interface ServeResult {
  /** Local time of the client, whose zone the file does not say: `YYYYMMDD-HHMMSS`. */
  date: string | undefined;
  modelId: string | undefined;
  backend: string | undefined;
  numPrompts: number;
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
  const unanswered = (file.latencies ?? []).filter((latency) => latency === 0).length;
  const failed = Math.max(file.failed ?? file.num_prompts - file.completed, unanswered, 0);
  const problem = file.completed === 0 ? undefined : impossibility(file);
  if (problem !== undefined) throw new UserError(`${name}: ${problem}`);
  return {
    date: file.date ?? undefined,
    modelId: file.model_id ?? undefined,
    backend: file.backend ?? file.endpoint_type ?? undefined,
    numPrompts: file.num_prompts,
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

const STATISTIC = /^(mean|median|std|p\d+(?:\.\d+)?)_(\w+)_ms$/;
const RATES = ["request_throughput", "output_throughput", "total_token_throughput", "request_goodput"] as const;

/** What in a result cannot be, in its own names. */
function impossibility(file: ServeFile): string | undefined {
  const negative = RATES.find((key) => (file[key] ?? 0) < 0);
  if (negative !== undefined) return `${negative} is ${file[negative]}, and nothing is done less than 0 times a second`;
  const found = Object.entries(file).flatMap(([key, value]) => {
    const [, statistic, metric] = STATISTIC.exec(key) ?? [];
    return metric === undefined || typeof value !== "number" ? [] : [{ metric, statistic: statistic!, value }];
  });
  const problems = [...Map.groupBy(found, ({ metric }) => metric)].map(([metric, group]) =>
    impossibleTimes(
      Object.fromEntries(group.map(({ statistic, value }) => [statistic, value])),
      (statistic) => `${statistic}_${metric}_ms`,
    ),
  );
  return problems.find((problem) => problem !== undefined);
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

/**
 * The percentiles asked of vLLM differ; the median is always there. All zeros mean that there was no sample, and so does a
 * TPOT of 0, which is of answers with several tokens.
 */
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
  const isMeasured = entries.some(([, value]) => value !== 0);
  const isInstant = metric === "tpot" && (read("mean") === 0 || read("median") === 0);
  return isMeasured && !isInstant ? Object.fromEntries(entries) : undefined;
}
