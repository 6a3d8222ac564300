import type { LoadNumbers } from "../prometheus/numbers/ci-performance.ts";
import type { SourceFile } from "./imported-run.ts";
import { readPerfCsv } from "./vllm-cibench/perf-table.ts";

/** The loads in a table of vllm_cibench. @throws UserError naming file and line */
export function loadsInCsv(file: SourceFile): LoadNumbers[] {
  return readPerfCsv(file);
}
