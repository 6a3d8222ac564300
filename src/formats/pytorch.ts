import { z } from "zod";
import { momentOf } from "../database/moment.ts";
import { pointsOf } from "../database/query/points.ts";
import { UserError } from "../errors.ts";
import { CellParams } from "../result/cell.ts";
import { summarize } from "../result/distribution.ts";
import { METRICS, type MetricName, type Metrics } from "../result/metric.ts";
import type { Run, RunCell } from "../result/run.ts";
import { parsePythonJson } from "../result/vllm/python-json.ts";
import { contextFrom, type Given, needed } from "./given.ts";
import { importedRun, okCell, present, type SourceFile, UNKNOWN_TRIGGER, writtenAt } from "./imported-run.ts";
import { byCell, type NamedNumber } from "./series-name.ts";
import { servingMetrics } from "./vllm-keys.ts";

/*
 * Benchmark format v3 of PyTorch's HUD: a list of records, one a metric, each with its benchmark, model and runners.
 * vLLM writes such beside its results (*.pytorch.json), with its arguments and without a time.
 */

const Record = z.looseObject({
  timestamp: z.number().optional(),
  head_sha: z.string().optional(),
  head_branch: z.string().optional(),
  benchmark: z.looseObject({
    name: z.string(),
    dtype: z.string().nullish(),
    extra_info: z.looseObject({ args: z.looseObject({}).optional() }).nullish(),
  }),
  model: z.looseObject({ name: z.string().nullish(), backend: z.string().nullish() }),
  runners: z.array(z.looseObject({ name: z.string().optional(), type: z.string().optional() })).nullish(),
  metric: z.looseObject({
    name: z.string(),
    benchmark_values: z.array(z.number().nullable()).min(1),
    extra_info: z.looseObject({}).nullish(),
  }),
});
type Record = z.infer<typeof Record>;

/** @throws UserError naming the file and what in it cannot be kept */
export function importPytorch(file: SourceFile, given: Given): Run[] {
  const records = recordsIn(file);
  const runs = Map.groupBy(records, ({ timestamp, head_sha, benchmark }) =>
    JSON.stringify([timestamp, head_sha, benchmark.extra_info?.run]),
  );
  return [...runs.values()].map((group) => {
    const [first] = group as [Record];
    const own = (first.benchmark.extra_info ?? {}) as { startedAt?: unknown };
    const exact = typeof own.startedAt === "string" ? own.startedAt : undefined;
    const written = first.timestamp === undefined ? undefined : momentOf(first.timestamp * 1000);
    const timestamp = needed(exact ?? written ?? given.timestamp, "--timestamp", file.name);
    const note =
      written === undefined ? "The file has no time; it was given when it was imported." : writtenAt(timestamp);
    const commit = /^[0-9a-f]{40}$/.test(first.head_sha ?? "") ? first.head_sha! : null;
    const trigger = { ...UNKNOWN_TRIGGER, commit, ref: first.head_branch || null };
    const runner = first.runners?.[0];
    const facts = {
      model: first.model.name ?? undefined,
      host: runner?.name,
      gpu: runner?.type,
      dtype: first.benchmark.dtype ?? undefined,
      tensorParallel: numberOf(argsOf(first).tensor_parallel_size),
    };
    const tool = first.benchmark.name;
    const cells = cellsOf(group, given, file.name);
    const context = contextFrom(given, facts, file.name);
    return importedRun({ format: "pytorch-v3", file, timestamp, note, tool, facts: { trigger }, cells, context });
  });
}

function recordsIn({ text, name }: SourceFile): Record[] {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const isLines = lines.length > 1 && lines.every((line) => line.startsWith("{") && line.endsWith("}"));
  const value = isLines ? lines.map((line) => parsePythonJson(line, name)) : parsePythonJson(text, name);
  const parsed = z
    .array(Record)
    .min(1)
    .safeParse(Array.isArray(value) ? value : [value]);
  if (parsed.success) return parsed.data;
  throw new UserError(`${name} is not in PyTorch's benchmark format:\n${z.prettifyError(parsed.error)}`);
}

type Args = { [name: string]: unknown };
const argsOf = ({ benchmark }: Record): Args => benchmark.extra_info?.args ?? {};
const numberOf = (value: unknown) => (typeof value === "number" && value > 0 ? value : undefined);

function cellsOf(records: Record[], given: Given, name: string): RunCell[] {
  const isOurs = records.every(({ benchmark }) => typeof benchmark.extra_info?.cell === "string");
  return isOurs ? ourCells(records, name) : [vllmCell(records, given, name)];
}

/** Records as {@link exportPytorch} writes them. */
function ourCells(records: Record[], name: string): RunCell[] {
  const numbers = records.map(({ benchmark, metric }): NamedNumber => {
    const [key, statistic = "value"] = metric.name.split(/\.(.*)/s) as [string, string?];
    if (!Object.hasOwn(METRICS, key)) throw new UserError(`${name}: “${metric.name}” is not a metric of ours`);
    const value = metric.benchmark_values[0];
    if (typeof value !== "number") throw new UserError(`${name}: ${metric.name} has no value`);
    return { cell: String(benchmark.extra_info?.cell), metric: key as MetricName, statistic, value };
  });
  const params = new Map(records.map(({ benchmark }) => [benchmark.extra_info?.cell, benchmark.extra_info?.params]));
  return byCell(numbers, name, (cell) => CellParams.parse(params.get(cell) ?? {}));
}

const THROUGHPUT: { [name: string]: MetricName } = {
  requests_per_second: "request_throughput_req_s",
  tokens_per_second: "total_token_throughput_tok_s",
};

/** Records that one of vLLM's benchmarks wrote: its arguments say what was measured. */
function vllmCell(records: Record[], given: Given, name: string): RunCell {
  const args = argsOf(records[0]!);
  const values = new Map(records.map(({ metric }) => [metric.name, metric.benchmark_values]));
  const latencies = values.get("latency");
  const inputLen = numberOf(args.random_input_len) ?? numberOf(args.input_len) ?? given.inputLen;
  const outputLen = numberOf(args.random_output_len) ?? numberOf(args.output_len) ?? given.outputLen;
  const lengths = {
    inputLen: needed(inputLen, "--input-len", name),
    outputLen: needed(outputLen, "--output-len", name),
  };
  const prefix = `in_${lengths.inputLen}_out_${lengths.outputLen}`;
  if (latencies !== undefined) {
    const batchSize = needed(numberOf(args.batch_size) ?? given.batch, "--batch", name);
    const latency_s = summarize(latencies.filter((value) => value !== null));
    if (latency_s === undefined) throw new UserError(`${name}: latency has no value`);
    const cell = { id: `latency-sweep/${prefix}_bs_${batchSize}`, benchmark: "latency-sweep" as const };
    return okCell({ ...cell, params: { batchSize, ...lengths }, metrics: { latency_s } }, name);
  }
  const numPrompts = numberOf(args.num_prompts);
  const first = [...values].map(([key, [value]]) => [key, value] as const);
  if (values.has("requests_per_second")) {
    const metrics = Object.fromEntries(first.map(([key, value]) => [THROUGHPUT[key] ?? key, value]));
    return throughputCell(lengths, { ...metrics, ...countsOf(records[0]!) }, numPrompts, name);
  }
  const concurrency = numberOf(args.max_concurrency);
  const requestRate = numberOf(args.request_rate) ?? (concurrency === undefined ? "inf" : undefined);
  const id = `serve-benchmark/${prefix}_${concurrency === undefined ? `rate_${requestRate}` : `concurrency_${concurrency}`}`;
  const params = present({ ...lengths, requestRate, concurrency, numPrompts });
  return okCell(
    { id, benchmark: "serve-benchmark", params, metrics: servingMetrics(Object.fromEntries(first), name) },
    name,
  );
}

/** What vLLM writes beside the rates. */
function countsOf({ metric }: Record): Metrics {
  const { elapsed_time, num_requests } = { ...metric.extra_info } as { [name: string]: unknown };
  return present({ duration_s: numberOf(elapsed_time), completed: numberOf(num_requests) });
}

function throughputCell(
  lengths: { inputLen: number; outputLen: number },
  metrics: Metrics,
  asked: number | undefined,
  name: string,
): RunCell {
  const numPrompts = asked ?? metrics.completed;
  if (numPrompts === undefined) throw new UserError(`${name} does not say of how many requests its throughput is`);
  const id = `throughput-benchmark/in_${lengths.inputLen}_out_${lengths.outputLen}_prompts_${numPrompts}`;
  return okCell({ id, benchmark: "throughput-benchmark", params: { ...lengths, numPrompts }, metrics }, name);
}

/** A record a number; what the format has no field for is in `extra_info`, so that an import gives the numbers back. */
export function exportPytorch(runs: readonly Run[]): string {
  return `${JSON.stringify(runs.flatMap(recordsOf), null, 1)}\n`;
}

function recordsOf(run: Run) {
  const { trigger, engine, model, host } = run;
  const params = new Map(run.cells.map((cell) => [cell.id, cell.params]));
  const runUrl = /\/actions\/runs\/(\d+)/.exec(trigger.runUrl ?? "");
  const common = {
    timestamp: Math.floor(Date.parse(run.startedAt) / 1000),
    schema_version: "v3",
    repo: trigger.repository ?? "",
    head_branch: trigger.ref ?? "",
    head_sha: trigger.commit ?? "",
    workflow_id: Number(runUrl?.[1] ?? 0),
    run_attempt: trigger.attempt,
  };
  const runners = [{ name: host.label, type: host.gpu ?? "cpu", gpu_count: host.gpuCount }];
  return pointsOf(run).map(({ cell, metric, statistic, value, unit, client }) => ({
    ...common,
    benchmark: {
      name: "pitwall",
      mode: cell.slice(0, cell.indexOf("/")),
      dtype: model.dtype ?? "",
      extra_info: { run: run.id, startedAt: run.startedAt, cell, params: params.get(cell), client },
    },
    model: { name: model.name, type: "LLM", backend: [engine.kind, engine.version ?? ""].join(" ").trim() },
    runners,
    metric: {
      name: statistic === "value" ? metric : `${metric}.${statistic}`,
      benchmark_values: [value],
      extra_info: { unit, better: METRICS[metric].better },
    },
  }));
}
