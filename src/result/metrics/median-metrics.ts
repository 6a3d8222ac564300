import { type Distribution, median, sum } from "./distribution.ts";
import { METRIC_NAMES, type MetricName, type Metrics } from "./metric.ts";

/** Amounts of one measurement: of several, they add up. Every other number is a level, whose median stands for all. */
const AMOUNTS = ["duration_s", "completed", "failed"] as const satisfies MetricName[];

/** Metrics of several measurements of one thing: the median of each statistic over those that have it, amounts summed. */
export function medianMetrics(each: readonly Metrics[]): Metrics {
  const entries = METRIC_NAMES.flatMap((name) => {
    const values = each.flatMap((metrics) => metrics[name] ?? []);
    return values.length === 0 ? [] : [[name, combined(name, values)] as const];
  });
  return Object.fromEntries(entries) as Metrics;
}

function isAmount(name: MetricName): boolean {
  return (AMOUNTS as readonly MetricName[]).includes(name);
}

function combined(name: MetricName, values: readonly (number | Distribution)[]): number | Distribution {
  const numbers = values.filter((value) => typeof value === "number");
  if (numbers.length > 0) return isAmount(name) ? sum(numbers) : median(numbers);
  return medianDistribution(values as readonly Distribution[]);
}

function medianDistribution(distributions: readonly Distribution[]): Distribution {
  const statistics = new Set(distributions.flatMap((one) => Object.keys(one) as (keyof Distribution)[]));
  const entries = [...statistics].map((statistic) => {
    const values = distributions.flatMap((one) => one[statistic] ?? []);
    return [statistic, statistic === "count" ? sum(values) : median(values)];
  });
  return Object.fromEntries(entries);
}
