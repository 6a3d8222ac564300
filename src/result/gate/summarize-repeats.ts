import type { SingleMeasurement } from "../document/cell.ts";
import { type MetricOptions, singleMetrics } from "../measure/measure.ts";
import type { MetricName } from "../metrics/metric.ts";
import { type Repeats, storedStatistic } from "../metrics/repeats.ts";
import { headline } from "../series/series.ts";

/** Metrics whose spread is kept. Each of the others varies as one of these does, is a peak, or says how much was done. */
const KEPT = [
  ...(["latency_s", "ttft_ms", "tpot_ms", "itl_ms", "itl_token_ms", "e2el_ms", "client_queue_ms"] as const),
  ...(["total_token_throughput_tok_s", "request_goodput_req_s"] as const),
] satisfies MetricName[];

/** How the headlines varied over repeats; only of metrics that every repeat has. */
export function summarizeRepeats(measurements: readonly SingleMeasurement[], options: MetricOptions = {}): Repeats {
  const each = measurements.map((measurement) => singleMetrics(measurement, options));
  const entries = KEPT.flatMap((name) => {
    const values = each.flatMap((metrics) => headline(metrics, name) ?? []);
    return values.length < each.length ? [] : [[name, storedStatistic(values)] as const];
  });
  return { count: each.length, metrics: Object.fromEntries(entries) };
}
