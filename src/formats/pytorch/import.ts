import { momentOf } from "../../database/document/moment.ts";
import { UserError } from "../../errors.ts";
import { CellParams } from "../../result/document/cell.ts";
import type { Run, RunCell } from "../../result/document/run.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { present } from "../../result/present.ts";
import { cellsOfNumbers, type NamedNumber } from "../data-js/series-name.ts";
import { contextFrom, type FileFacts, type Given } from "../given.ts";
import { importedRun, type SourceFile, UNKNOWN_TRIGGER, writtenAt } from "../imported-run.ts";
import { localMoment } from "../local-moment.ts";
import { positiveOf, textOf } from "../vllm/args.ts";
import { engineFacts, spreadOf } from "../vllm/engine.ts";
import { areOurs, argsOf, type PytorchRecord, recordsIn } from "./records.ts";
import { engineOf, vllmCell } from "./vllm-cells.ts";

/** @throws UserError naming the file and what in it cannot be kept */
export function importPytorch(file: SourceFile, given: Given): Run[] {
  const runs = Map.groupBy(recordsIn(file), (record) => {
    const { timestamp, head_sha, benchmark, model, metric } = record;
    const moment = [timestamp, metric.extra_info?.date];
    return JSON.stringify([moment, head_sha, benchmark.extra_info?.run, model.name, contextFacts(record)]);
  });
  return [...runs.values()].map((group) => runOf(group, file, given));
}

function runOf(group: PytorchRecord[], file: SourceFile, given: Given): Run {
  const [first] = group as [PytorchRecord];
  const own = (first.benchmark.extra_info ?? {}) as { startedAt?: unknown };
  const exact = typeof own.startedAt === "string" ? own.startedAt : undefined;
  const written = first.timestamp === undefined ? undefined : momentOf(first.timestamp * 1000, file.name);
  const told = exact ?? written;
  const { timestamp, note } =
    told === undefined
      ? localMoment(textOf(first.metric.extra_info?.date), given, file.name)
      : { timestamp: told, note: writtenAt(told) };
  const commit = /^[0-9a-f]{40}$/.test(first.head_sha ?? "") ? first.head_sha! : null;
  const trigger = { ...UNKNOWN_TRIGGER, commit, ref: first.head_branch || null };
  const runner = first.runners?.[0];
  const { facts, configuration } = contextFacts(first);
  const all = {
    ...facts,
    model: first.model.name ?? facts.model,
    host: runner?.name,
    gpu: runner?.type,
    gpuCount: facts.gpuCount ?? positiveOf(runner?.gpu_count),
    dtype: first.benchmark.dtype || facts.dtype,
  };
  return importedRun({
    format: "pytorch-v3",
    file,
    timestamp,
    note,
    tool: first.benchmark.name,
    facts: { trigger, ...present({ configuration }) },
    cells: cellsOf(group, given, file.name),
    context: contextFrom(given, all, file.name),
  });
}

function contextFacts(record: PytorchRecord): { facts: FileFacts; configuration: string | undefined } {
  const args = argsOf(record);
  const { gpuCount, quantization, tensorParallel, dtype } = engineFacts(args);
  const facts = { gpuCount, quantization, tensorParallel, dtype: dtype === "auto" ? undefined : dtype };
  return { facts: { ...facts, engine: engineOf(args) }, configuration: spreadOf(args) };
}

/** Those of vLLM: a cell for each list of arguments. */
function cellsOf(records: PytorchRecord[], given: Given, name: string): RunCell[] {
  if (areOurs(records)) return ourCells(records, name);
  const groups = Map.groupBy(records, (record) => JSON.stringify(argsOf(record)));
  return [...groups.values()].map((group) => vllmCell(group, given, name));
}

function ourCells(records: PytorchRecord[], name: string): RunCell[] {
  const numbers = records.map(({ benchmark, metric }): NamedNumber => {
    const [key, statistic = "value"] = metric.name.split(/\.(.*)/s) as [string, string?];
    if (!Object.hasOwn(METRICS, key)) throw new UserError(`${name}: “${metric.name}” is not a metric of ours`);
    const value = metric.benchmark_values[0];
    if (typeof value !== "number") throw new UserError(`${name}: ${metric.name} has no value`);
    return { cell: String(benchmark.extra_info?.cell), metric: key as MetricName, statistic, value };
  });
  const params = new Map(records.map(({ benchmark }) => [benchmark.extra_info?.cell, benchmark.extra_info?.params]));
  return cellsOfNumbers(numbers, name, (cell) => CellParams.parse(params.get(cell) ?? {}));
}
