import type { SingleMeasurement } from "../document/cell.ts";
import { summarize } from "../metrics/distribution.ts";
import type { Metrics } from "../metrics/metric.ts";
import { PHASE_METRICS } from "../metrics/start-metrics.ts";
import { present } from "../present.ts";

type Starts = Extract<SingleMeasurement, { kind: "starts" }>["starts"];

/** Start-up time and its phases; a phase that not every start named is absent, for its figure would stand for others. */
export function startMetrics(starts: Starts): Metrics {
  const phases = Object.entries(PHASE_METRICS).map(([phase, metric]) => {
    const seconds = starts.flatMap((start) => start.phases?.[phase as keyof typeof PHASE_METRICS] ?? []);
    return [metric, seconds.length === starts.length ? summarize(seconds) : undefined] as const;
  });
  return present({ startup_s: summarize(starts.map((start) => start.readySeconds)), ...Object.fromEntries(phases) });
}
