import type { Run, RunCell } from "../../src/result/document/run.ts";
import { okLatencyCell, sampleRun } from "../support/run-document.ts";

const LATENCY = okLatencyCell.status === "ok" ? okLatencyCell.metrics.latency_s : {};

/** A run of its own: the number decides its id, its day in November 2026 and what it measured. */
export function runNumber(number: number, changes: Partial<Run> = {}): Run {
  const day = String((number % 28) + 1).padStart(2, "0");
  return {
    ...sampleRun,
    id: `202611${day}T064501Z-${number.toString(16).padStart(8, "0")}`,
    startedAt: `2026-11-${day}T06:45:01Z`,
    finishedAt: `2026-11-${day}T07:02:44Z`,
    cells: [{ ...okLatencyCell, metrics: { latency_s: { ...LATENCY, std: 0.001 + number / 1e6 } } } as RunCell],
    ...changes,
  };
}

export function simulatedRun(number: number): Run {
  return runNumber(number, { simulated: true, engine: { ...sampleRun.engine, kind: "simulated", version: "1.0.0" } });
}
