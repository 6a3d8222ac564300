import type { Run, RunCell } from "../../result/document/run.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { formatMetric } from "../../result/series/series.ts";
import { loadText, promptText } from "../text/load-text.ts";
import { samplingText } from "../text/sampling-text.ts";
import { noteFor, statisticText } from "../text/statistic-text.ts";

/** A table of results, ready for any output. Cells of a row are text; numbers stand in columns from `firstNumber` on. */
export interface ResultTable {
  title: string;
  columns: string[];
  firstNumber: number;
  rows: string[][];
  /** Stands below the table. */
  note?: string;
}

type OkCell = Extract<RunCell, { status: "ok" }>;

/** One table a benchmark, in the order of the run's cells. */
export function benchmarkTables(run: Pick<Run, "cells">): ResultTable[] {
  const measured = [startupTable(run), latencyTable(run), throughputTable(run), servingTable(run)];
  const all = [...measured, ...checkTables(run), evaluationTable(run), comparisonTable(run)];
  const tables = all.filter((table) => table.rows.length > 0);
  return tables.map((table) => ({ ...table, ...noteFor(table.rows.flat()) }));
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

type DistributionName = { [N in MetricName]: NonNullable<OkCell["metrics"][N]> extends object ? N : never }[MetricName];

type ScalarName = Exclude<MetricName, DistributionName>;

function statistic({ metrics, repeats }: OkCell, name: DistributionName, key: "mean" | "p50" | "p90" | "p99"): string {
  return statisticText(name, key, metrics[name], repeats?.count);
}

function latencyTable(run: Pick<Run, "cells">): ResultTable {
  const columns = ["Mean (s)", "p50 (s)", "p90 (s)", "p99 (s)"];
  const head = ({ params }: RunCell) => [
    `${params.inputLen}:${params.outputLen}`,
    `${params.batchSize}${samplingText(params)}`,
  ];
  return {
    title: "Batch latency",
    columns: ["In:out", "Batch size", ...columns],
    firstNumber: 1,
    rows: rowsOf(run, "latency-sweep", columns.length, head, (cell) =>
      (["mean", "p50", "p90", "p99"] as const).map((key) => statistic(cell, "latency_s", key)),
    ),
  };
}

/** A phase that the engine's log does not name is a dash. */
function startupTable(run: Pick<Run, "cells">): ResultTable {
  const phases = ["weights_load_s", "model_load_s", "compile_s", "graph_capture_s", "engine_init_s"] as const;
  const columns = ["Ready p50 (s)", "Mean (s)", "Weights", "Model", "Compile", "Graphs", "Init"];
  return {
    title: "Engine start, phases by their median in seconds",
    columns: ["Start", ...columns],
    firstNumber: 1,
    rows: rowsOf(
      run,
      "startup-benchmark",
      columns.length,
      ({ id }) => [id.slice(id.indexOf("/") + 1)],
      (cell) => [
        statistic(cell, "startup_s", "p50"),
        statistic(cell, "startup_s", "mean"),
        ...phases.map((phase) => statistic(cell, phase, "p50")),
      ],
    ),
  };
}

function throughputTable(run: Pick<Run, "cells">): ResultTable {
  const rates = ["request_throughput_req_s", "output_throughput_tok_s", "total_token_throughput_tok_s"] as const;
  // Over repeats a duration is their sum, but what the row shows is one of them.
  const seconds = ({ metrics: { duration_s }, repeats }: OkCell) =>
    formatMetric("duration_s", duration_s === undefined ? undefined : duration_s / (repeats?.count ?? 1));
  const columns = ["Seconds", "Requests/s", "Output (tok/s)", "Total (tok/s)"];
  const head = (cell: RunCell) => [promptText(cell), `${cell.params.numPrompts}${samplingText(cell.params)}`];
  return {
    title: "Throughput, all requests at once",
    columns: ["In:out", "Requests", ...columns],
    firstNumber: 2,
    rows: rowsOf(run, "throughput-benchmark", columns.length, head, (cell) => [
      seconds(cell),
      ...rates.map((name) => formatMetric(name, cell.metrics[name])),
    ]),
  };
}

function checkTables(run: Pick<Run, "cells">): ResultTable[] {
  const name = ({ id }: RunCell) => [id.slice(id.indexOf("/") + 1)];
  const table = (title: string, benchmark: RunCell["benchmark"], names: readonly ScalarName[]) => ({
    title,
    columns: [benchmark === "check-accuracy" ? "Task" : "Suite", ...names.map((metric) => METRICS[metric].label)],
    firstNumber: 1,
    rows: rowsOf(run, benchmark, names.length, name, ({ metrics }) =>
      names.map((metric) => formatMetric(metric, metrics[metric])),
    ),
  });
  const counts = ["conforming_fraction", "conforms", "deviates", "unsupported", "not_tested"] as const;
  return [
    table("What the served model answers", "check-functional", counts),
    table("Accuracy", "check-accuracy", ["score", "score_low", "score_high", "samples"]),
  ];
}

function evaluationTable(run: Pick<Run, "cells">): ResultTable {
  const metrics = ["resolved_fraction", "resolved", "evaluated", "not_valid_here"] as const;
  const columns = ["Resolved, of 1", "Resolved", "Evaluated", "Not valid here"];
  return {
    title: "Patches that pass the engine's own tests",
    columns: ["Versions", ...columns],
    firstNumber: 1,
    rows: rowsOf(
      run,
      "evaluate",
      columns.length,
      ({ params }) => [String(params.versions)],
      (cell) => metrics.map((name) => formatMetric(name, cell.metrics[name])),
    ),
  };
}

function comparisonTable(run: Pick<Run, "cells">): ResultTable {
  const metrics = ["ratio", "ratio_low", "ratio_high", "blocks"] as const;
  return {
    title: "Builds side by side, as ratios to their base",
    columns: ["Build", "Cell", "Metric", "Ratio", "From", "To", "Blocks"],
    firstNumber: 3,
    rows: rowsOf(
      run,
      "compare",
      metrics.length,
      ({ params }) => [params.arm, params.cell, params.metric].map(String),
      (cell) => metrics.map((name) => formatMetric(name, cell.metrics[name])),
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
  const head = (cell: RunCell) => [promptText(cell), loadText(cell)];
  return {
    title: "Serving, latencies in ms",
    columns: ["Prompts (in:out)", "Load", ...columns],
    firstNumber: 2,
    rows: rowsOf(run, "serve-benchmark", columns.length, head, (cell) => [
      formatMetric("completed", cell.metrics.completed),
      formatMetric("total_token_throughput_tok_s", cell.metrics.total_token_throughput_tok_s),
      formatMetric("output_throughput_tok_s", cell.metrics.output_throughput_tok_s),
      statistic(cell, "ttft_ms", "p50"),
      statistic(cell, "ttft_ms", "p99"),
      statistic(cell, "tpot_ms", "p50"),
      statistic(cell, "itl_ms", "p99"),
      statistic(cell, "e2el_ms", "p50"),
    ]),
  };
}
