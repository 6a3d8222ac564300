import type { Distribution } from "../result/distribution.ts";
import type { Run, RunCell } from "../result/run.ts";
import { formatMetric } from "../result/series.ts";

/** A table of results, ready for any output. Cells of a row are text; numbers stand in columns from `firstNumber` on. */
export interface ResultTable {
  title: string;
  columns: string[];
  firstNumber: number;
  rows: string[][];
}

type OkCell = Extract<RunCell, { status: "ok" }>;

/** One table a benchmark, in the order of the run's cells. */
export function resultTables(run: Pick<Run, "cells">): ResultTable[] {
  return [latencyTable(run), servingTable(run)].filter((table) => table.rows.length > 0);
}

function rowsOf(
  run: Pick<Run, "cells">,
  benchmark: RunCell["benchmark"],
  width: number,
  head: (cell: RunCell) => string[],
  numbers: (cell: OkCell) => string[],
) {
  const cells = run.cells.filter((cell) => cell.benchmark === benchmark);
  return cells.map((cell) => {
    if (cell.status === "ok") return [...head(cell), ...numbers(cell)];
    const gap = Array.from({ length: width - 1 }, () => "–");
    return [...head(cell), `${cell.status}: ${cell.reason}`, ...gap];
  });
}

const seconds = (value: number | undefined) => formatMetric("latency_s", value);
const ms = (value: number | undefined) => formatMetric("ttft_ms", value);
const p = (distribution: Distribution | undefined, key: "mean" | "p50" | "p90" | "p99") => distribution?.[key];

function latencyTable(run: Pick<Run, "cells">): ResultTable {
  const columns = ["Mean (s)", "p50 (s)", "p90 (s)", "p99 (s)"];
  const head = (cell: RunCell) => [`${cell.params.inputLen}:${cell.params.outputLen}`, String(cell.params.batchSize)];
  return {
    title: "Batch latency",
    columns: ["In:out", "Batch size", ...columns],
    firstNumber: 1,
    rows: rowsOf(run, "latency-sweep", columns.length, head, ({ metrics: { latency_s } }) =>
      (["mean", "p50", "p90", "p99"] as const).map((key) => seconds(p(latency_s, key))),
    ),
  };
}

function servingTable(run: Pick<Run, "cells">): ResultTable {
  const columns = [
    "Requests",
    "Total (tok/s)",
    "Output (tok/s)",
    "TTFT p50",
    "TTFT p99",
    "TPOT p50",
    "ITL p99",
    "E2EL p50",
  ];
  const head = (cell: RunCell) => [`${cell.params.inputLen}:${cell.params.outputLen}`, loadText(cell)];
  return {
    title: "Serving, latencies in ms",
    columns: ["In:out", "Load", ...columns],
    firstNumber: 2,
    rows: rowsOf(run, "serve-benchmark", columns.length, head, ({ metrics }) => [
      formatMetric("completed", metrics.completed),
      formatMetric("total_token_throughput_tok_s", metrics.total_token_throughput_tok_s),
      formatMetric("output_throughput_tok_s", metrics.output_throughput_tok_s),
      ms(p(metrics.ttft_ms, "p50")),
      ms(p(metrics.ttft_ms, "p99")),
      ms(p(metrics.tpot_ms, "p50")),
      ms(p(metrics.itl_ms, "p99")),
      ms(p(metrics.e2el_ms, "p50")),
    ]),
  };
}

/** `12.5 req/s`, `4 at once` */
export function loadText(cell: RunCell): string {
  const { requestRate, concurrency } = cell.params;
  if (concurrency !== undefined) return `${concurrency} at once`;
  return requestRate === "inf" ? "all at once" : `${requestRate} req/s`;
}
