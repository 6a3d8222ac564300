import { UserError } from "../../errors.ts";
import type { Metrics } from "../../result/metrics/metric.ts";

const SCALARS = {
  total_token_throughput: "total_token_throughput_tok_s",
  request_throughput: "request_throughput_req_s",
  output_throughput: "output_throughput_tok_s",
} as const;
const STATISTIC = /^(mean|median|std|p\d+(?:\.\d+)?)_(ttft|tpot|itl|e2el)_ms$/;

type SourceKeys = Record<string, number | null | undefined>;

/**
 * Metrics of a cell from keys as vLLM's result files have them: `p99_ttft_ms`, `request_throughput`.
 * @throws UserError for a key that is none, or two values of one statistic
 */
export function servingMetrics(keys: SourceKeys, place: string): Metrics {
  const metrics: Record<string, number | Record<string, number>> = {};
  for (const [key, number] of Object.entries(keys)) {
    if (number === null || number === undefined) continue;
    const [, statistic, metric] = STATISTIC.exec(key) ?? [];
    if (Object.hasOwn(SCALARS, key)) metrics[SCALARS[key as keyof typeof SCALARS]] = number;
    else if (statistic === undefined) throw new UserError(`${place}: “${key}” is not a metric that can be imported`);
    else {
      metrics[`${metric}_ms`] ??= {};
      addStatistic(metrics[`${metric}_ms`] as Record<string, number>, statistic, number, `${place}: ${key}`);
    }
  }
  return metrics as Metrics;
}

/** The median is the 50th percentile; a file that says two different numbers for it cannot be kept whole. */
function addStatistic(distribution: Record<string, number>, statistic: string, number: number, place: string): void {
  const name = statistic === "median" ? "p50" : statistic;
  if (distribution[name] !== undefined && distribution[name] !== number) {
    throw new UserError(`${place} is ${number}, but the other of median and p50 is ${distribution[name]}`);
  }
  distribution[name] = number;
}
