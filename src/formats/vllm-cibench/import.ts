import type { Run } from "../../result/document/run.ts";
import { present } from "../../result/present.ts";
import { contextFrom, type Given, needed } from "../given.ts";
import { importedRun, okCell, type SourceFile } from "../imported-run.ts";
import { type PerfRow, readPerfTable } from "./perf-table.ts";

/**
 * A table of loads, as one run: it says neither when nor where, and its latencies are end to end.
 * @throws UserError naming file and line, or the option that says what the file does not
 */
export function importPerf(file: SourceFile, given: Given): Run[] {
  const rows = readPerfTable(file);
  return [
    importedRun({
      format: "perf.csv",
      file,
      timestamp: needed(given.timestamp, "--timestamp", file.name),
      note: "The file has no time; it was given when it was imported.",
      cells: rows.map(cellOf),
      context: contextFrom(given, {}, file.name),
    }),
  ];
}

function cellOf({ place, concurrency, inputLen, outputLen, ...numbers }: PerfRow) {
  const latency = present({ p50: numbers.latencyP50Ms, p95: numbers.latencyP95Ms, p99: numbers.latencyP99Ms });
  const metrics = present({
    e2el_ms: Object.keys(latency).length === 0 ? undefined : latency,
    request_throughput_req_s: numbers.throughputRps,
  });
  const id = `serve-benchmark/in_${inputLen}_out_${outputLen}_concurrency_${concurrency}`;
  return okCell({ id, benchmark: "serve-benchmark", params: { inputLen, outputLen, concurrency }, metrics }, place);
}
