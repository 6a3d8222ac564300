import type { Run, RunCell } from "../../result/document/run.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import { spreadOf } from "../../result/metrics/repeats.ts";
import { formatMetric } from "../../result/series/series.ts";
import { cellLabels } from "../text/cell-label.ts";
import { benchmarkTables, type ResultTable } from "./tables.ts";

type OkCell = Extract<RunCell, { status: "ok" }>;
type Labels = ReadonlyMap<string, string>;

/** Every table of a run: one a benchmark, how repeats varied, and how each search went. */
export function resultTables(run: Pick<Run, "cells">): ResultTable[] {
  const labels = cellLabels(run.cells);
  const ok = run.cells.filter((cell) => cell.status === "ok");
  return [
    ...benchmarkTables(run),
    ...repeatTables(ok, labels),
    ...run.cells.flatMap((cell) => searchTables(cell, labels)),
  ];
}

const REPEATED: MetricName[] = ["latency_s", "total_token_throughput_tok_s", "ttft_ms", "tpot_ms", "itl_ms"];

function repeatTables(cells: readonly OkCell[], labels: Labels): ResultTable[] {
  const rows = cells.flatMap(({ id, repeats }) =>
    REPEATED.flatMap((name) => {
      const stored = repeats?.metrics[name];
      if (repeats === undefined || stored === undefined) return [];
      const spread = spreadOf(stored);
      const text = (value: number | undefined) => formatMetric(name, value);
      const interval = spread.interval === undefined ? "–" : spread.interval.map(text).join(" to ");
      const { label, unit } = METRICS[name];
      const numbers = [text(spread.median), interval, text(spread.mad), String(repeats.count)];
      return [[labels.get(id)!, `${label} (${unit})`, ...numbers]];
    }),
  );
  const columns = ["Cell", "Metric", "Median", "95 % interval", "MAD", "Repeats"];
  return rows.length === 0 ? [] : [{ title: "Over repeats", columns, firstNumber: 2, rows }];
}

function searchTables(cell: RunCell, labels: Labels): ResultTable[] {
  if (cell.status === "skipped" || cell.search === undefined || cell.search.probes.length === 0) return [];
  const { find, objectives, probes } = cell.search;
  const keys = [...new Set(probes.flatMap(({ values }) => Object.keys(values)))];
  const metricOf = (key: string) => key.split(".")[0] as MetricName;
  const rows = probes.map(({ level, meets, values, detail }) => [
    String(level),
    meets ? "met" : `missed${detail === undefined ? "" : `: ${detail}`}`,
    ...keys.map((key) => formatMetric(metricOf(key), values[key])),
  ]);
  const isRate = find === "max-rate";
  const wanted = objectives.join(" and ");
  const outcome = levelText(cell);
  return [
    {
      title: `${labels.get(cell.id)}: ${outcome === undefined ? `the search for ${wanted} ended early` : `${outcome} meets ${wanted}`}`,
      columns: [isRate ? "Rate (req/s)" : "At once", "Objectives", ...keys],
      firstNumber: 2,
      rows,
    },
  ];
}

/** Undefined when the search came to no end: the engine died, or somebody cancelled. */
function levelText(cell: RunCell): string | undefined {
  if (cell.status !== "ok")
    return cell.status === "failed" && cell.reason === "objectives_missed" ? "no level" : undefined;
  const { found_rate_req_s: rate, found_concurrency: concurrency } = cell.metrics;
  return rate === undefined ? `up to ${concurrency} at once` : `up to ${rate} req/s`;
}

/** What makes numbers of these cells doubtful, a line each. */
export function doubts(cells: readonly RunCell[]): { id: string; warning: string }[] {
  return cells.flatMap((cell) =>
    cell.status === "ok" ? (cell.telemetry?.warnings ?? []).map((warning) => ({ id: cell.id, warning })) : [],
  );
}
