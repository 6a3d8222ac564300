import { medianInterval } from "./bootstrap.ts";
import type { SingleMeasurement } from "./cell.ts";
import { type MetricOptions, singleMetrics } from "./measure.ts";
import { isAmount, median } from "./median-metrics.ts";
import { METRIC_NAMES } from "./metric.ts";
import type { Repeats } from "./repeats.ts";
import { headline } from "./series.ts";

const FEWEST_FOR_INTERVAL = 3;

/** How the headline of each metric varied over repeats; only metrics that every repeat has, and no mere counts. */
export function summarizeRepeats(measurements: readonly SingleMeasurement[], options: MetricOptions = {}): Repeats {
  const each = measurements.map((measurement) => singleMetrics(measurement, options));
  const entries = METRIC_NAMES.flatMap((name) => {
    const values = each.flatMap((metrics) => headline(metrics, name) ?? []);
    return isAmount(name) || values.length < each.length ? [] : [[name, spreadOf(values)] as const];
  });
  return { count: each.length, metrics: Object.fromEntries(entries) };
}

function spreadOf(values: number[]): Repeats["metrics"][string] {
  const centre = median(values);
  const mad = median(values.map((value) => Math.abs(value - centre)));
  if (values.length < FEWEST_FOR_INTERVAL) return { values, median: centre, mad };
  return { values, median: centre, mad, interval: medianInterval(values) };
}
