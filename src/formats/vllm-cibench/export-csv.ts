import { UserError } from "../../errors.ts";
import { csvLine } from "../../foreign-text/csv-line.ts";
import type { Run } from "../../result/document/run.ts";
import { type ConcurrencyCell, newestConcurrencyCells } from "../concurrency-cells.ts";
import { RENAMED } from "./perf-table.ts";

/** What stands in these files for a number that there is not. */
const UNAVAILABLE = -1;

/** `perf.csv`: the newest run's loads. @throws UserError when they cannot be told apart, or are simulated */
export function exportPerf(runs: readonly Run[]): string {
  return csvOf(recordsOf(runs));
}

/** The same with the names that Prometheus likes, as `metrics_rename` makes them. @throws UserError as above */
export function exportRenamedPerf(runs: readonly Run[]): string {
  return csvOf(recordsOf(runs).map(renamed));
}

/** The same as JSON. @throws UserError as above */
export function exportRenamedPerfJson(runs: readonly Run[]): string {
  return `${JSON.stringify(recordsOf(runs).map(renamed), null, 2)}\n`;
}

function recordsOf(runs: readonly Run[]): Record<string, number>[] {
  const { run, cells } = newestConcurrencyCells(runs);
  if (run.simulated) {
    throw new UserError(`the numbers of run ${run.id} are simulated, which this format cannot say`);
  }
  return cells.flatMap(recordOf);
}

/** A load that failed has no line. */
function recordOf({ cell, concurrency, inputLen, outputLen }: ConcurrencyCell): Record<string, number>[] {
  if (cell.status !== "ok") return [];
  const { request_throughput_req_s: rate, e2el_ms: latency = {} } = cell.metrics;
  const record = {
    ...{ concurrency, input_len: inputLen, output_len: outputLen },
    latency_p50_ms: latency.p50 ?? UNAVAILABLE,
    throughput_rps: rate ?? UNAVAILABLE,
    latency_p95_ms: latency.p95 ?? UNAVAILABLE,
    latency_p99_ms: latency.p99 ?? UNAVAILABLE,
  };
  return [record];
}

const renamed = (record: Record<string, number>) =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [RENAMED[name] ?? name, value]));

const csvOf = (records: readonly Record<string, number>[]) =>
  [Object.keys(records[0]!), ...records.map((record) => Object.values(record))].map(csvLine).join("");
