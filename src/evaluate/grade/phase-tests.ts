import { sum } from "../../result/metrics/distribution.ts";
import type { PhaseRun } from "../evidence.ts";
import type { JunitCounts, Outcome } from "../junit/report.ts";
import { type KnownTests, nodesOver } from "../junit/test-id.ts";
import type { Problem } from "./problem.ts";
import { isDouble, type RunTests, readRun, stateOf, type TestState } from "./run-tests.ts";

/** In some runs of a phase it passed, in others not: it says nothing. */
interface Unstable {
  id: string;
  passed: number;
  of: number;
}

/** All runs of one phase. */
export interface PhaseTests {
  problem: Problem | undefined;
  /** Sums of the last run's report. */
  counts: JunitCounts;
  /** Every test that a run says something of. */
  ids: ReadonlySet<string>;
  /** Files, folders and classes that could not be read. */
  broken: readonly string[];
  unstable: readonly Unstable[];
  doubled: readonly { id: string; outcomes: Outcome[] }[];
  state(id: string): TestState | "unstable";
  /** What it said where it, or what it is in, could not import a module. */
  importErrors(id: string): string[];
}

export const readPhase = (runs: readonly PhaseRun[], known: KnownTests): PhaseTests =>
  phaseOf(runs.map((run) => readRun(run, known)));

/** Outcomes of one test that are named. */
const MOST_OUTCOMES = 10;

/** A test passes that passed in every run; one that did not pass in any has the worst of its states. */
export function phaseOf(runs: readonly RunTests[]): PhaseTests {
  const ids = new Set(runs.flatMap(({ tests }) => [...tests.keys()]));
  const unstable = [...ids].flatMap((id) => unstableIn(id, runs));
  const isUnstable = new Set(unstable.map(({ id }) => id));
  return {
    ...{ ids, unstable, counts: runs.at(-1)!.counts },
    problem: runs.find(({ problem }) => problem !== undefined)?.problem,
    broken: [
      ...new Set(runs.flatMap(({ nodes }) => [...nodes].filter(([, why]) => why === "error").map(([at]) => at))),
    ],
    doubled: runs.flatMap(({ tests }) =>
      [...tests]
        .filter(([, record]) => isDouble(record))
        .map(([id, { outcomes }]) => ({ id, outcomes: outcomes.slice(0, MOST_OUTCOMES) })),
    ),
    importErrors: (id) => runs.flatMap((run) => [id, ...nodesOver(id)].flatMap((at) => run.importErrors.get(at) ?? [])),
    state: (id) => (isUnstable.has(id) ? "unstable" : worstState(runs.map((run) => stateOf(id, run)))),
  };
}

const RANKS: readonly TestState[] = ["passed", "skipped", "xfailed", "failed", "error", "not_collected", "missing"];
const worstState = (states: readonly TestState[]) => RANKS[Math.max(...states.map((one) => RANKS.indexOf(one)))]!;

/** A test that was tried again until it passed did not pass each time. */
function unstableIn(id: string, runs: readonly RunTests[]): Unstable[] {
  const tries = runs.map((run) => {
    const passed = stateOf(id, run) === "passed" ? 1 : 0;
    const { isRerun = false, outcomes = [] } = run.tests.get(id) ?? {};
    return { passed, of: isRerun && passed === 1 ? outcomes.length : 1 };
  });
  const [passed, of] = [sum(tries.map((one) => one.passed)), sum(tries.map((one) => one.of))];
  return passed === 0 || passed === of ? [] : [{ id, passed, of }];
}
