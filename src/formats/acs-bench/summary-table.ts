import { UserError } from "../../errors.ts";
import type { LoadNumbers } from "../../prometheus/numbers/ci-performance.ts";
import { present } from "../../result/present.ts";
import type { SourceFile } from "../imported-run.ts";
import { type CsvRow, checkColumns, countIn, numberIn, readCsv } from "../table.ts";
import { LATENCIES, REQUIRED, STATISTICS } from "./columns.ts";

/** A line of a summary: what was asked, and the numbers that it has, in our names and units. */
export interface SummaryRow {
  /** FILE:LINE */
  place: string;
  /** `2026-11-22 06:45:01`, local time of whoever wrote it. */
  time: string;
  concurrency: number;
  inputLen: number;
  outputLen: number;
  /** From 0 to 1. */
  failRate: number;
  numPrompts?: number | undefined;
  backend?: string | undefined;
  /** Sampling, where it is not the ordinary one. */
  sampling: Record<string, number>;
  metrics: Partial<Record<"duration_s" | "request_throughput_req_s" | "output_throughput_tok_s", number>> & {
    total_token_throughput_tok_s?: number;
  };
  latencies: Partial<Record<(typeof LATENCIES)[keyof typeof LATENCIES], Record<string, number>>>;
}

/**
 * The loads of a summary of acs-bench, of its versions since 2025. −1 is what was not measured.
 * @throws UserError naming file and line; of a file that says itself that its numbers are made up
 */
export function readSummaryTable(file: SourceFile): SummaryRow[] {
  const table = readCsv(file);
  checkColumns(table, file.name, REQUIRED);
  return table.rows.map(summaryRow);
}

function summaryRow(row: CsvRow): SummaryRow {
  const { place, text } = row;
  const backend = text("Backend");
  const named = [backend, text("Provider")].find((name) => /\b(mock|simulated)\b/i.test(name ?? ""));
  if (named !== undefined) throw new UserError(`${place}: its numbers are of “${named}”, and no engine gave them`);
  const failRate = numberIn(row, "Fail_Rate") ?? 0;
  if (failRate > 1) throw new UserError(`${place}: Fail_Rate is ${failRate}, and must be 1 or less`);
  return {
    ...{ place, time: text("Execution_Time") ?? "", backend, failRate, sampling: samplingIn(row) },
    concurrency: countIn(row, "Concurrency"),
    inputLen: countIn(row, "Input_Length"),
    outputLen: countIn(row, "Output_Length"),
    numPrompts: numberIn(row, "Num_Prompts") ?? numberIn(row, "Num_Requests"),
    metrics: present({
      duration_s: numberIn(row, "Total_Time(s)"),
      request_throughput_req_s: numberIn(row, "QPS"),
      output_throughput_tok_s: numberIn(row, "Output_Token_Throughput(tokens/s)"),
      total_token_throughput_tok_s: numberIn(row, "Total_Token_Throughput(tokens/s)"),
    }),
    latencies: latenciesIn(row),
  };
}

/** Where it says no more than that all is as the engine does it by itself, it is no parameter. */
function samplingIn(row: CsvRow): Record<string, number> {
  const [temperature, topP, topK] = ["Temperature", "Top_P", "Top_K"].map((column) => numberIn(row, column));
  return present({
    temperature: temperature === 0 ? undefined : temperature,
    topP: topP === 1 ? undefined : topP,
    topK: topK === 0 ? undefined : topK,
  });
}

function latenciesIn(row: CsvRow): SummaryRow["latencies"] {
  const found = Object.entries(LATENCIES).flatMap(([theirs, ours]) => {
    const values = Object.entries(STATISTICS).flatMap(([statistic, name]) => {
      const seconds = numberIn(row, `${statistic}_${theirs}(s)`);
      return seconds === undefined ? [] : [[name, seconds * 1000] as const];
    });
    return values.length === 0 ? [] : [[ours, Object.fromEntries(values)] as const];
  });
  return Object.fromEntries(found);
}

/** What counts for the means of vllm_cibench; a load with failed requests has none. */
export function summaryLoads(rows: readonly SummaryRow[]): LoadNumbers[] {
  return rows
    .filter(({ failRate }) => failRate === 0)
    .map(({ metrics, latencies: { e2el_ms } }) => ({
      throughputRps: metrics.request_throughput_req_s,
      latencyP95Ms: e2el_ms?.p95,
      latencyP99Ms: e2el_ms?.p99,
    }));
}
