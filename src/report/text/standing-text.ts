import { counted } from "../../result/counted.ts";
import type { MetricName } from "../../result/metrics/metric.ts";
import { formatMetric } from "../../result/series/series.ts";
import { type Direction, ENOUGH, type Standing } from "../../verdict/level.ts";

/** Which way a number left its level, confirmed or not. */
export function directionOf(standing: Standing): Direction | undefined {
  return standing.kind === "suspected" || standing.kind === "changed" ? standing.direction : undefined;
}

/** How sure it is, and what the number was held against. */
export function standingText(metric: MetricName, standing: Standing): string {
  if (standing.kind === "unjudged") return "nothing to compare with";
  const { baseline, baselineRuns, band } = standing;
  const against = `against ${formatMetric(metric, baseline)}, the median of ${counted(baselineRuns, "run")}`;
  const beyond = `${against}, and beyond ± ${formatMetric(metric, band)}`;
  switch (standing.kind) {
    case "early":
      return `${against}; judged from ${counted(ENOUGH, "run")} on`;
    case "steady":
      return `${against}; within ± ${formatMetric(metric, band)}`;
    case "suspected":
      return `${beyond} for the first time; one more run confirms it or not`;
    case "changed":
      return `${beyond} for ${counted(standing.runs, "run")}, since ${standing.since}`;
    default:
      return standing satisfies never;
  }
}
