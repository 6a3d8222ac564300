import type { CellParams } from "../result/cell.ts";
import { problemOf } from "../result/completeness.ts";
import { type Run, RunCell } from "../result/run.ts";
import type { ServeResult } from "../result/vllm/file.ts";
import { readVllmResults, type VllmResult } from "../result/vllm/result.ts";
import type { StartupResult } from "../result/vllm/startup-file.ts";
import { contextFrom, type Given, needed } from "./given.ts";
import { importedRun, okCell, present, type SourceFile, writtenAt } from "./imported-run.ts";

/*
 * Result files of vLLM's own benchmarks. They hold neither lengths nor batch size: those come from the caller, or from
 * the file's own name where it has them as ours and many others do (in_300_out_100.json, latency_bs8.json).
 */

/** @throws UserError naming the file when it is no result, or the option that says what it does not */
export function importVllm(file: SourceFile, given: Given): Run[] {
  return readVllmResults(file.text, file.name).map((result) => {
    const { timestamp, note } = momentOf(result, given, file.name);
    const cells = result.kind === "startup" ? startCells(result, file.name) : [cellOf(result, given, file.name)];
    const context = contextFrom(given, { model: result.modelId }, file.name);
    return importedRun({ format: `vllm-${result.kind}`, file, timestamp, note, cells, context });
  });
}

function momentOf(result: VllmResult, given: Given, name: string): { timestamp: string; note: string } {
  const date = result.kind === "serve" ? result.date : undefined;
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)$/.exec(date ?? "") ?? [];
  if (year === undefined || (given.timeZone === undefined && given.timestamp !== undefined)) {
    const timestamp = needed(given.timestamp, "--timestamp", name);
    return { timestamp, note: "The file has no time; it was given when it was imported." };
  }
  // vLLM writes local time and not its zone.
  const zone = needed(given.timeZone, "--time-zone (or --timestamp)", name);
  return { timestamp: `${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`, note: writtenAt(date!) };
}

/** An engine without a server, and without importing vLLM: no series of ours. */
function startCells({ starts }: StartupResult, name: string): RunCell[] {
  return starts.map(({ cache, iterations, metrics }) => {
    const id = `startup-benchmark/${cache}_offline`;
    const params = { cache, iterations, offline: true };
    return okCell({ id, benchmark: "startup-benchmark", params, metrics }, name);
  });
}

function cellOf(result: Exclude<VllmResult, { kind: "startup" }>, given: Given, name: string): RunCell {
  const params = lengthsOf(given, name);
  switch (result.kind) {
    case "serve":
      return serveCell(result, params, name);
    case "latency": {
      const batchSize = needed(numberIn(name, /bs_?(\d+)/) ?? given.batch, "--batch", name);
      const inputLen = needed(params.inputLen, "--input-len", name);
      const outputLen = needed(params.outputLen, "--output-len", name);
      const id = `latency-sweep/in_${inputLen}_out_${outputLen}_bs_${batchSize}`;
      const metrics = { latency_s: result.latency_s };
      return okCell({ id, benchmark: "latency-sweep", params: { batchSize, inputLen, outputLen }, metrics }, name);
    }
    case "throughput": {
      const id = `throughput-benchmark/${lengthsName(params)}prompts_${result.numRequests}`;
      const cell = { id, benchmark: "throughput-benchmark" as const, metrics: result.metrics };
      return okCell({ ...cell, params: { ...params, numPrompts: result.numRequests } }, name);
    }
    default:
      return result satisfies never;
  }
}

interface Lengths {
  inputLen?: number;
  outputLen?: number;
}

function lengthsOf(given: Given, name: string): Lengths {
  const inputLen = numberIn(name, /in_(\d+)/) ?? given.inputLen;
  const outputLen = numberIn(name, /out_(\d+)/) ?? given.outputLen;
  return present({ inputLen, outputLen });
}

/** A number that stands in the file's own name, after a separator. */
function numberIn(name: string, pattern: RegExp): number | undefined {
  const [, digits] = new RegExp(`(?:^|[^A-Za-z0-9])${pattern.source}(?![0-9])`).exec(name) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

const lengthsName = ({ inputLen, outputLen }: Lengths) =>
  `${inputLen === undefined ? "" : `in_${inputLen}_`}${outputLen === undefined ? "" : `out_${outputLen}_`}`;

function serveCell(
  { requestRate, maxConcurrency, numPrompts, measurement }: ServeResult,
  lengths: Lengths,
  name: string,
) {
  const load = maxConcurrency === undefined ? `rate_${requestRate ?? "unknown"}` : `concurrency_${maxConcurrency}`;
  const id = `serve-benchmark/${lengthsName(lengths)}${load}`;
  const rate = maxConcurrency !== undefined && requestRate === "inf" ? undefined : requestRate;
  const params: CellParams = present({ ...lengths, requestRate: rate, concurrency: maxConcurrency, numPrompts });
  const cell = { id, benchmark: "serve-benchmark" as const, params };
  const { metrics, inputTokens, outputTokens } = measurement;
  // Lengths that nobody told cannot be missed.
  const untold = { inputLen: inputTokens / numPrompts, outputLen: outputTokens / numPrompts };
  const problem = problemOf(measurement, { ...untold, ...params });
  if (problem === undefined) return okCell({ ...cell, metrics }, name);
  const counts = present({ completed: metrics.completed, failed: metrics.failed });
  return RunCell.parse({ ...cell, status: "failed", reason: "incomplete_requests", detail: problem, ...counts });
}
