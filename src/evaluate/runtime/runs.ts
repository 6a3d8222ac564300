import { join } from "node:path";
import type { PhaseRun } from "../evidence.ts";
import type { PhasePlan } from "./runtime.ts";
import { readJunit, removeJunit, type TimedEnd } from "./timed-run.ts";

/** Names of one run's files in the phase's folder of results. */
export interface RunFiles {
  log: string;
  junit: string;
}

export const runFiles = ({ phase }: PhasePlan, number: number): RunFiles => ({
  log: `${phase}-${number}.log`,
  junit: `${phase}-${number}.xml`,
});

/** Runs pytest as often as the plan says; one that took too long is not tried again. */
export async function repeatRuns(plan: PhasePlan, run: (files: RunFiles) => Promise<TimedEnd>): Promise<PhaseRun[]> {
  const runs: PhaseRun[] = [];
  for (let number = 1; number <= plan.runs; number += 1) {
    const files = runFiles(plan, number);
    const path = join(plan.results, files.junit);
    await removeJunit(path);
    const ended = await run(files);
    const junit = await readJunit(path);
    runs.push({ ...ended, ...(junit === undefined ? {} : { junit }) });
    if (ended.end.kind === "timeout") break;
  }
  return runs;
}
