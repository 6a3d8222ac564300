import { csvLine } from "../../foreign-text/csv-line.ts";
import type { MetricName } from "../../result/metrics/metric.ts";
import type { TriedCombination } from "./experiment-csv.ts";

const COLUMNS = [
  ...["Model", "TP", "Quantization", "EnforceEager"],
  ...["ReqThroughput_req_s", "OutThroughput_tok_s", "TTFT_ms", "TPOT_ms", "Filename"],
];

/** `results_summary.csv` as vllm-bench's scripts write it: serving cells with numbers; TTFT and TPOT are means. */
export function vllmBenchCsv(tried: readonly TriedCombination[]): string {
  return csvLine(COLUMNS) + tried.flatMap(linesOf).join("");
}

function linesOf({ end: { name, engineArgs }, run }: TriedCombination): string[] {
  if (run === undefined) return [];
  const { name: model, tensorParallel, quantization } = run.model;
  const settings = [model, tensorParallel, quantization ?? "none", engineArgs.includes("--enforce-eager")];
  return run.cells.flatMap((cell) => {
    if (cell.status !== "ok" || cell.benchmark !== "serve-benchmark") return [];
    const number = (metric: MetricName) => {
      const value = cell.metrics[metric];
      return typeof value === "object" ? value.mean : value;
    };
    const numbers = ["request_throughput_req_s", "output_throughput_tok_s", "ttft_ms", "tpot_ms"] as const;
    return [csvLine([...settings, ...numbers.map(number), `${name}/run.json`])];
  });
}
