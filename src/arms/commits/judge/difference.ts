import { METRICS, type MetricName } from "../../../result/metrics/metric.ts";
import { headline } from "../../../result/series/series.ts";
import type { ArmResult } from "../arm-result.ts";

/** In this order the first that both arms have is compared: tokens a second before requests a second, never one with the other. */
const PRIMARY = [
  "output_throughput_tok_s",
  "total_token_throughput_tok_s",
  "latency_s",
  "request_throughput_req_s",
] as const satisfies readonly MetricName[];

/** One metric of two arms. */
export interface Difference {
  metric: MetricName;
  reference: number;
  value: number;
  /** How much better than the reference, in per cent of it: (arm − reference) ÷ reference, turned round where lower is better. */
  percent: number;
  /** Speed of the arm ÷ speed of the reference: above 1 it is faster. */
  speedUp: number;
}

/** @returns undefined where the two have no primary metric in common */
export function differenceOf(reference: ArmResult, arm: ArmResult): Difference | undefined {
  for (const metric of PRIMARY) {
    const [before, value] = [headline(reference.metrics, metric), headline(arm.metrics, metric)];
    if (before === undefined || value === undefined) continue;
    const lower = METRICS[metric].better === "lower";
    return {
      ...{ metric, reference: before, value },
      percent: ((lower ? before - value : value - before) / before) * 100,
      speedUp: lower ? before / value : value / before,
    };
  }
  return undefined;
}

/** The metric by which an arm alone is shown. */
export function primaryOf({ metrics }: ArmResult): { metric: MetricName; value: number } | undefined {
  for (const metric of PRIMARY) {
    const value = headline(metrics, metric);
    if (value !== undefined) return { metric, value };
  }
  return undefined;
}
