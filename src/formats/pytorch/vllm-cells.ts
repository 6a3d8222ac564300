import { UserError } from "../../errors.ts";
import type { CellParams } from "../../result/document/cell.ts";
import { RunCell } from "../../result/document/run.ts";
import { problemOf } from "../../result/gate/completeness.ts";
import { summarize } from "../../result/metrics/distribution.ts";
import type { MetricName, Metrics } from "../../result/metrics/metric.ts";
import { present } from "../../result/present.ts";
import { type FileFacts, type Given, needed } from "../given.ts";
import { okCell } from "../imported-run.ts";
import { type Args, numberOf, positiveOf, textOf } from "../vllm/args.ts";
import { servingMetrics } from "../vllm/keys.ts";
import { type Lengths, promptsOf, type ServePrompts } from "../vllm/prompts.ts";
import { taskOf } from "../vllm/task.ts";
import { workloadOf } from "../vllm/workload.ts";
import { argsOf, type PytorchRecord } from "./records.ts";

/** Who was measured; `vllm bench throughput` runs other libraries too. */
export function engineOf(args: Args): FileFacts["engine"] {
  const backend = backendOf(args);
  return backend === undefined || /^(vllm|openai)/.test(backend) ? undefined : { kind: "remote" };
}

const backendOf = (args: Args) => textOf(args.backend) ?? textOf(args.endpoint_type);

type Values = ReadonlyMap<string, (number | null)[]>;

/**
 * The cell of records that one of vLLM's benchmarks wrote: its arguments say what was measured.
 * @throws UserError naming what records say differently, or an argument that neither they nor the caller tell
 */
export function vllmCell(records: PytorchRecord[], given: Given, name: string): RunCell {
  const args = argsOf(records[0]!);
  const values: Values = valuesOf(records, name);
  if (values.has("latency")) return latencyCell(args, values, given, name);
  const counts = countsIn(records, name);
  return values.has("requests_per_second")
    ? throughputCell(args, values, counts, given, name)
    : servingCell(args, values, counts, given, name);
}

function valuesOf(records: readonly PytorchRecord[], name: string): Values {
  const values = new Map<string, (number | null)[]>();
  for (const { metric } of records) {
    const before = values.get(metric.name);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(metric.benchmark_values)) {
      throw new UserError(
        `${name}: two records with the same arguments say ${metric.name} is ${before} and ${metric.benchmark_values}`,
      );
    }
    values.set(metric.name, metric.benchmark_values);
  }
  return values;
}

const COUNTS = [
  ...["completed", "failed", "num_prompts", "num_requests", "duration", "elapsed_time"],
  ...["total_input_tokens", "total_output_tokens"],
] as const;
type Counts = { [N in (typeof COUNTS)[number]]?: number };

/** What stands beside every number of one measurement. */
function countsIn(records: readonly PytorchRecord[], name: string): Counts {
  const counts: Counts = {};
  for (const { metric } of records) {
    for (const key of COUNTS) {
      const count = numberOf(metric.extra_info?.[key]);
      if (count === undefined) continue;
      if (counts[key] !== undefined && counts[key] !== count) {
        throw new UserError(`${name}: records with the same arguments say ${key} is ${counts[key]} and ${count}`);
      }
      counts[key] = count;
    }
  }
  return counts;
}

const first = (values: Values) => Object.fromEntries([...values].map(([key, [value]]) => [key, value]));

function latencyCell(args: Args, values: Values, given: Given, name: string): RunCell {
  const inputLen = needed(positiveOf(args.input_len) ?? given.inputLen, "--input-len", name);
  const outputLen = needed(positiveOf(args.output_len) ?? given.outputLen, "--output-len", name);
  const batchSize = needed(positiveOf(args.batch_size) ?? given.batch, "--batch", name);
  const latencies = values.get("latency")!.filter((value) => value !== null);
  const wrong = latencies.find((value) => value <= 0);
  if (wrong !== undefined) throw new UserError(`${name}: a latency is ${wrong}, and no batch takes that`);
  const latency_s = summarize(latencies);
  if (latency_s === undefined) throw new UserError(`${name}: latency has no value`);
  const sampling = samplingOf(args);
  const id = `latency-sweep/in_${inputLen}_out_${outputLen}_bs_${batchSize}${sampling.name}`;
  const params = { batchSize, inputLen, outputLen, ...sampling.params };
  return okCell({ id, benchmark: "latency-sweep", params, metrics: { latency_s } }, name);
}

/** As the ids of our own sweeps have it. */
function samplingOf(args: Args): { name: string; params: CellParams } {
  const n = positiveOf(args.n) ?? 1;
  if (args.use_beam_search === true) return { name: `_beam_${n}`, params: { n, beamSearch: true } };
  return n === 1 ? { name: "", params: {} } : { name: `_n_${n}`, params: { n } };
}

const THROUGHPUT: { [name: string]: MetricName } = {
  requests_per_second: "request_throughput_req_s",
  tokens_per_second: "total_token_throughput_tok_s",
};

function throughputCell(args: Args, values: Values, counts: Counts, given: Given, name: string): RunCell {
  const backend = backendOf(args) ?? "vllm";
  const prompts = offlinePrompts(args, given, name);
  const completed = positiveOf(counts.num_requests);
  const numPrompts = positiveOf(args.num_prompts) ?? completed;
  if (numPrompts === undefined) throw new UserError(`${name} does not say of how many requests its throughput is`);
  const sampling = samplingOf(args);
  const isVllm = backend === "vllm";
  const rates = Object.fromEntries(
    Object.entries(first(values)).map(([key, value]) => [THROUGHPUT[key] ?? key, value]),
  );
  const metrics: Metrics = { ...rates, ...present({ duration_s: positiveOf(counts.elapsed_time), completed }) };
  const id = `throughput-benchmark/${prompts.name}_prompts_${numPrompts}${sampling.name}${isVllm ? "" : `_${backend}`}`;
  const params = { ...prompts.params, numPrompts, ...sampling.params, ...(isVllm ? {} : { backend }) };
  return okCell({ id, benchmark: "throughput-benchmark", params, metrics }, name);
}

/** `vllm bench throughput` takes its lengths and prefix by names of its own; scripts before it a file alone, of ShareGPT. */
function offlinePrompts(args: Args, given: Given, name: string): ServePrompts {
  taskOf(undefined, args, name);
  const file = textOf(args.dataset_path) ?? textOf(args.dataset);
  const kind = textOf(args.dataset_name) ?? (file === undefined ? "random" : "sharegpt");
  const prefix = positiveOf(args.prefix_len) ?? args.random_prefix_len;
  const all = { ...args, dataset_name: kind, dataset_path: file, random_prefix_len: prefix };
  const prompts = promptsOf(all, toldBy(given));
  if (kind === "random") refuseWithoutLengths(prompts, name);
  return prompts;
}

function refuseWithoutLengths({ params }: ServePrompts, name: string): void {
  needed(params.inputLen, "--input-len", name);
  needed(params.outputLen, "--output-len", name);
}

const toldBy = ({ inputLen, outputLen }: Given): Lengths => present({ inputLen, outputLen });

function servingCell(args: Args, values: Values, counts: Counts, given: Given, name: string): RunCell {
  const task = taskOf(backendOf(args), args, name);
  const { id, params, slos } = workloadOf(args, task, toldBy(given), name);
  if (params.dataset === undefined) {
    needed(params.inputLen, "--input-len", name);
    needed(params.outputLen, "--output-len", name);
  }
  const cell = { id, benchmark: "serve-benchmark" as const, params };
  const problem = problemIn(counts, args);
  if (problem !== undefined) {
    const ended = present({ completed: counts.completed, failed: failedIn(counts, args) });
    return RunCell.parse({ ...cell, status: "failed", reason: "incomplete_requests", detail: problem, ...ended });
  }
  const limits = slos.length === 0 ? {} : { slos };
  return okCell({ ...cell, metrics: servingMetrics(first(values), name), ...limits }, name);
}

const askedIn = (counts: Counts, args: Args) => counts.num_prompts ?? positiveOf(args.num_prompts);

/** Without `failed`, as before October 2025, what is missing from the prompts. */
function failedIn(counts: Counts, args: Args): number {
  const asked = askedIn(counts, args);
  const missing = asked === undefined || counts.completed === undefined ? 0 : asked - counts.completed;
  return Math.max(counts.failed ?? 0, missing, 0);
}

/** The same sentence as of the result itself; undefined where the records count no requests. */
function problemIn(counts: Counts, args: Args): string | undefined {
  const numPrompts = askedIn(counts, args);
  const { completed, total_input_tokens: inputTokens = 0, total_output_tokens: outputTokens = 0 } = counts;
  if (numPrompts === undefined || completed === undefined) return undefined;
  const metrics = { completed, failed: failedIn(counts, args) };
  const untold = { numPrompts, inputLen: inputTokens / numPrompts, outputLen: outputTokens / numPrompts };
  return problemOf({ kind: "reported", tool: "vllm bench serve", metrics, inputTokens, outputTokens }, untold);
}
