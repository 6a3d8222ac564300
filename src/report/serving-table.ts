import type { MetricName } from "../result/metric.ts";
import type { RunCell } from "../result/run.ts";
import { formatMetric, headline } from "../result/series.ts";
import { terminalTable } from "./terminal.ts";

const COLUMNS = {
  completed: "Requests",
  total_token_throughput_tok_s: "Total (tok/s)",
  ttft_ms: "TTFT p50 (ms)",
  tpot_ms: "TPOT p50 (ms)",
  e2el_ms: "E2EL p50 (ms)",
} as const satisfies Partial<Record<MetricName, string>>;

/** The cells of a serving benchmark for a terminal. */
export function servingText(cells: readonly RunCell[]): string {
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[];
  const rows = cells.map((cell) => {
    const values =
      cell.status === "ok"
        ? names.map((name) => formatMetric(name, headline(cell.metrics, name)))
        : [`${cell.status}: ${cell.reason}`, ...names.slice(1).map(() => "–")];
    return [cell.id.slice(cell.id.indexOf("/") + 1), ...values];
  });
  return terminalTable({ title: "Serving", columns: ["Cell", ...Object.values(COLUMNS)], firstNumber: 1, rows });
}
