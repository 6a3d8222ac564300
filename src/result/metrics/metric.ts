import { z } from "zod";
import { CHECK_METRICS } from "./check-metrics.ts";
import { COMPARISON_METRICS } from "./comparison-metrics.ts";
import { Distribution } from "./distribution.ts";
import { EVALUATION_METRICS } from "./evaluation-metrics.ts";
import { LATENCY_METRICS } from "./latency-metrics.ts";
import { LENGTH_METRICS } from "./length-metrics.ts";
import { SCALAR_METRICS } from "./scalar-metrics.ts";
import { START_METRICS } from "./start-metrics.ts";

interface MetricBase {
  label: string;
  unit: string;
  better: "lower" | "higher" | "neither";
  /** Relative change below which a difference is never called one; the floor under the measured noise. */
  tolerance: number;
  description: string;
}
export type Metric = MetricBase & { kind: "distribution" | "scalar" };

/**
 * Every metric a cell may hold, by name; the unit is in the name.
 * Definitions follow `vllm bench serve`, so that numbers can be compared with its files: see docs/metrics.md.
 */
export const METRICS = {
  ...LATENCY_METRICS,
  ...LENGTH_METRICS,
  ...SCALAR_METRICS,
  ...START_METRICS,
  ...EVALUATION_METRICS,
  ...COMPARISON_METRICS,
  ...CHECK_METRICS,
} as const satisfies Record<string, Metric>;

export type MetricName = keyof typeof METRICS;
export const METRIC_NAMES = Object.keys(METRICS) as MetricName[];

type DistributionName = {
  [N in MetricName]: (typeof METRICS)[N]["kind"] extends "distribution" ? N : never;
}[MetricName];
type ScalarName = Exclude<MetricName, DistributionName>;
export type Metrics = { [N in DistributionName]?: Distribution } & { [N in ScalarName]?: number };

const shape = Object.fromEntries(
  METRIC_NAMES.map((name) => {
    const { kind, description } = METRICS[name];
    const schema = kind === "distribution" ? Distribution : z.number();
    return [name, schema.optional().meta({ description })];
  }),
);

/** Metrics of one cell. Missing is absent: never 0, never −1, never null. */
export const Metrics = z.strictObject(shape) as unknown as z.ZodType<Metrics>;
