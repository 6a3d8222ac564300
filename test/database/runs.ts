import type { Run } from "../../src/result/run.ts";
import { sampleRun } from "../support/run-document.ts";

/** A run of its own: the number decides its id and its day in November 2026. */
export function runNumber(number: number, changes: Partial<Run> = {}): Run {
  const day = String((number % 28) + 1).padStart(2, "0");
  return {
    ...sampleRun,
    id: `202611${day}T064501Z-${number.toString(16).padStart(8, "0")}`,
    startedAt: `2026-11-${day}T06:45:01Z`,
    finishedAt: `2026-11-${day}T07:02:44Z`,
    ...changes,
  };
}

export function simulatedRun(number: number): Run {
  return runNumber(number, { simulated: true, engine: { ...sampleRun.engine, kind: "simulated", version: "1.0.0" } });
}
