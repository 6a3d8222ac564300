import { PHASE_METRICS, START_METRICS } from "../../result/metrics/start-metrics.ts";
import type { StartPhases } from "../../result/metrics/start-phases.ts";

/** Phases of a start that its log named, in the order in which they happen: `["Loading weights", 0.98]`. */
export function phaseRows(phases: StartPhases): [label: string, seconds: number][] {
  return Object.entries(PHASE_METRICS).flatMap(([phase, metric]) => {
    const seconds = phases[phase as keyof StartPhases];
    return seconds === undefined ? [] : [[START_METRICS[metric].label, seconds] as [string, number]];
  });
}

/** `loading weights 1.0 s, compiling 9.9 s` */
export function phasesText(phases: StartPhases): string {
  return phaseRows(phases)
    .map(([label, seconds]) => `${label.charAt(0).toLowerCase()}${label.slice(1)} ${seconds.toFixed(1)} s`)
    .join(", ");
}
