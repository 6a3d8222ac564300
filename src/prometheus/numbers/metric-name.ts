import type { Distribution } from "../../result/metrics/distribution.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";

/** How a unit ends a metric's name here, how Prometheus wants it, and how many of ours make one of its base unit. */
const UNITS: Readonly<Record<string, { ours: string; theirs: string; divisor?: number }>> = {
  ms: { ours: "_ms", theirs: "_seconds", divisor: 1000 },
  s: { ours: "_s", theirs: "_seconds" },
  "req/s": { ours: "_req_s", theirs: "_requests_per_second" },
  "tok/s": { ours: "_tok_s", theirs: "_tokens_per_second" },
  J: { ours: "_j", theirs: "_joules" },
};

interface ExposedName {
  name: string;
  /** Where the number is a percentile of a distribution. */
  quantile?: string;
  divisor: number;
}

/**
 * What a number of the registry is called in Prometheus, which wants base units at the end of names: `ttft_ms`, `p99` →
 * `pitwall_ttft_seconds` with quantile 0.99, `mean` → `pitwall_ttft_mean_seconds`, `count` → `pitwall_ttft_samples`.
 * (prometheus.io/docs/practices/naming)
 * @param statistic `value` for a metric that is one number
 */
export function exposedName(prefix: string, metric: MetricName, statistic: keyof Distribution | "value"): ExposedName {
  const { ours, theirs, divisor = 1 } = unitOf(metric);
  const stem = `${prefix}_${metric.slice(0, metric.length - ours.length)}`;
  if (statistic === "value") return { name: stem + theirs, divisor };
  if (statistic === "count") return { name: `${stem}_samples`, divisor: 1 };
  if (statistic === "mean") return { name: `${stem}_mean${theirs}`, divisor };
  if (statistic === "std") return { name: `${stem}_stddev${theirs}`, divisor };
  return { name: stem + theirs, quantile: quantileOf(statistic), divisor };
}

function unitOf(metric: MetricName): { ours: string; theirs: string; divisor?: number } {
  if (metric.endsWith("_per_s")) return { ours: "_s", theirs: "_second" };
  const unit = UNITS[METRICS[metric].unit];
  return unit !== undefined && metric.endsWith(unit.ours) ? unit : { ours: "", theirs: "" };
}

/** `p99.9` → `0.999` */
const quantileOf = (percentile: string) => String(Number((Number(percentile.slice(1)) / 100).toFixed(6)));
