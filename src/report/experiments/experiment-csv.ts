import { csvLine } from "../../foreign-text/csv-line.ts";
import type { ExperimentEnd } from "../../result/document/experiment.ts";
import type { Run } from "../../result/document/run.ts";
import type { MetricName, Metrics } from "../../result/metrics/metric.ts";

/** A combination, and its document if it came so far. */
export interface TriedCombination {
  end: ExperimentEnd;
  run: Run | undefined;
}

const DISTRIBUTIONS = [
  "startup_s",
  "latency_s",
  "ttft_ms",
  "tpot_ms",
  "itl_ms",
  "e2el_ms",
] as const satisfies MetricName[];
const STATISTICS = ["mean", "p50", "p99"] as const;
const SCALARS = [
  "request_throughput_req_s",
  "output_throughput_tok_s",
  "total_token_throughput_tok_s",
] as const satisfies MetricName[];

/**
 * `experiments.csv`: a line for each cell of each combination, one without a cell for those that have none. `validated` is
 * true where the whole combination is good: what --resume leaves out. Failed cells have no numbers.
 */
export function experimentsCsv(tried: readonly TriedCombination[]): string {
  const axes = [...new Set(tried.flatMap(({ end }) => Object.keys(end.settings)))];
  const metrics = [...DISTRIBUTIONS.flatMap((name) => STATISTICS.map((one) => `${name}_${one}`)), ...SCALARS];
  const header = ["combination", ...axes, "status", "validated", "reason", "seconds", "run", "cell", ...metrics];
  return csvLine(header) + tried.flatMap((one) => linesOf(one, axes)).join("");
}

function linesOf({ end, run }: TriedCombination, axes: readonly string[]): string[] {
  const { name, settings, status, reason, seconds, runId } = end;
  const validated = status === "ok";
  const ofEngine = [name, ...axes.map((axis) => settings[axis])];
  const cells = run?.cells ?? [];
  if (cells.length === 0) {
    return [csvLine([...ofEngine, status, validated, reason, seconds, runId, undefined, ...numbersOf({})])];
  }
  return cells.map((cell) => {
    const [why, metrics] = cell.status === "ok" ? [undefined, cell.metrics] : [cell.reason, {}];
    return csvLine([...ofEngine, cell.status, validated, why, seconds, runId, cell.id, ...numbersOf(metrics)]);
  });
}

function numbersOf(metrics: Metrics): (number | undefined)[] {
  const spread = DISTRIBUTIONS.flatMap((name) => STATISTICS.map((statistic) => metrics[name]?.[statistic]));
  return [...spread, ...SCALARS.map((name) => metrics[name])];
}
