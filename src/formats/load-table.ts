import type { LoadNumbers } from "../prometheus/numbers/ci-performance.ts";
import { readSummaryTable, summaryLoads } from "./acs-bench/summary-table.ts";
import type { SourceFile } from "./imported-run.ts";
import { readPerfTable } from "./vllm-cibench/perf-table.ts";

/** Which table of loads a text is, by the names in its first line; undefined when it is none. */
export function loadTableKind(text: string): "perf.csv" | "acs-bench" | undefined {
  const columns = (text.split("\n", 1)[0] ?? "")
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/[\s",]+/);
  const has = (...names: string[]) => names.every((name) => columns.includes(name));
  if (has("Execution_Time", "Fail_Rate")) return "acs-bench";
  return has("concurrency", "input_len", "output_len") ? "perf.csv" : undefined;
}

/** The loads in a table of vllm_cibench or a summary of acs-bench. @throws UserError naming file and line */
export function readLoads(file: SourceFile): LoadNumbers[] {
  return loadTableKind(file.text) === "acs-bench" ? summaryLoads(readSummaryTable(file)) : readPerfTable(file);
}
