import { join } from "node:path";
import type { PhaseRun } from "../evidence.ts";
import { askedFor, filesOf } from "./pytest.ts";
import type { PhasePlan } from "./runtime.ts";
import { readJunit, removeJunit, type TimedEnd } from "./timed-run.ts";

/** One run of pytest: what it is asked for, and names of its files in the phase's folder of results. */
export interface RunOrder {
  asked: readonly string[];
  log: string;
  junit: string;
}

export const runOrder = ({ phase, instance, tree }: PhasePlan, number: number): RunOrder => ({
  asked: askedFor(instance, tree),
  log: `${phase}-${number}.log`,
  junit: `${phase}-${number}.xml`,
});

type Run = (order: RunOrder) => Promise<TimedEnd>;

/** Runs pytest as often as the plan says; one that took too long is not tried again. */
export async function repeatRuns(plan: PhasePlan, run: Run): Promise<PhaseRun[]> {
  const runs: PhaseRun[] = [];
  for (let number = 1; number <= plan.runs; number += 1) {
    const order = runOrder(plan, number);
    const ended = await runOnce(plan, order, run);
    runs.push(refusesIds(plan, ended) ? await runOnce(plan, { ...order, asked: filesOf(order.asked) }, run) : ended);
    if (runs.at(-1)!.end.kind === "timeout") break;
  }
  return runs;
}

async function runOnce({ results }: PhasePlan, order: RunOrder, run: Run): Promise<PhaseRun> {
  const path = join(results, order.junit);
  await removeJunit(path);
  const ended = await run(order);
  const junit = await readJunit(path);
  return { ...ended, ...(junit === undefined ? {} : { junit }) };
}

/** Where one id of many is not there, or its module cannot be imported, pytest runs none: their files show the others. */
const refusesIds = ({ instance }: PhasePlan, { end }: PhaseRun) =>
  instance.targets.kind === "ids" && end.kind === "exit" && end.code === 4;
