import { messageOf } from "../../errors.ts";
import type { PhaseRun } from "../evidence.ts";
import { type JunitCounts, type JunitReport, type Outcome, readJunit, worstOf } from "../junit/report.ts";
import { isAskedFor, type KnownTests, nodesOver, testId } from "../junit/test-id.ts";
import { type Problem, problemOf } from "./problem.ts";

/** What a report has of one test. */
export interface TestRecord {
  /** Whatever was recorded of it, in order; a teardown's error apart, more than one is a double or a rerun. */
  outcomes: Outcome[];
  /** It was tried again until it passed or was given up; reports have no mark for that but sums that are smaller. */
  isRerun: boolean;
  hasTeardownError: boolean;
}

/** How a test ended in one run; not_collected: what it is in could not be read, missing: nothing at all was said of it. */
export type TestState = Outcome | "not_collected" | "missing";

/** One run of pytest, read. */
export interface RunTests {
  tests: Map<string, TestRecord>;
  /** Files, folders and classes that could not be read, or skipped themselves. */
  nodes: Map<string, "error" | "skipped">;
  /** What tests and nodes said that could not import a module. */
  importErrors: Map<string, string>;
  /** Sums of the report. */
  counts: JunitCounts;
  /** Why nothing of it counts, where that is so. */
  problem: Problem | undefined;
}

export function readRun({ end, junit }: PhaseRun, known: KnownTests): RunTests {
  const report = reportOf(junit);
  if (typeof report === "string") return { ...EMPTY(), problem: { status: "error", detail: report } };
  const read = report === undefined ? EMPTY() : testsIn(report, known);
  return { ...read, problem: problemOf(end, report) };
}

const NO_TESTS: JunitCounts = { tests: 0, failures: 0, errors: 0, skipped: 0, seconds: 0 };
const EMPTY = () => ({
  counts: NO_TESTS,
  tests: new Map<string, TestRecord>(),
  nodes: new Map<string, "error" | "skipped">(),
  importErrors: new Map<string, string>(),
});

const IMPORT_ERROR = /\b(ModuleNotFoundError|ImportError): /;

/** @returns the error in words where it cannot be read */
function reportOf(junit: string | undefined): JunitReport | string | undefined {
  try {
    return junit === undefined ? undefined : readJunit(junit);
  } catch (error) {
    return messageOf(error);
  }
}

function testsIn({ counts, cases }: JunitReport, known: KnownTests): Omit<RunTests, "problem"> {
  const read = { ...EMPTY(), counts };
  // A rerun has an element, but pytest does not count it.
  const hasReruns = counts.tests < cases.length;
  for (const testcase of cases) {
    if (testcase.name === "") continue;
    const id = testId(testcase, known);
    const { outcome, isTeardown, isCollection, message } = testcase;
    if (IMPORT_ERROR.test(message)) read.importErrors.set(id, message);
    if (isCollection) read.nodes.set(id, outcome === "skipped" ? "skipped" : "error");
    else if (isAskedFor(id, known)) addTo(read.tests, id, { outcome, isTeardown, hasReruns });
  }
  return read;
}

interface Seen {
  outcome: Outcome;
  isTeardown: boolean;
  hasReruns: boolean;
}

function addTo(tests: Map<string, TestRecord>, id: string, { outcome, isTeardown, hasReruns }: Seen): void {
  const record = tests.get(id);
  if (record === undefined) tests.set(id, { outcomes: [outcome], isRerun: false, hasTeardownError: isTeardown });
  else {
    // The try before was counted as nothing: it looks as if it had passed.
    record.isRerun ||= hasReruns && record.outcomes.at(-1) === "passed";
    record.hasTeardownError ||= isTeardown;
    record.outcomes.push(outcome);
  }
}

export function stateOf(id: string, { tests, nodes }: RunTests): TestState {
  const record = tests.get(id);
  if (record !== undefined) return worstOf(record.outcomes);
  const over = nodes.size === 0 ? [] : nodesOver(id).flatMap((path) => nodes.get(path) ?? []);
  if (over.length === 0) return "missing";
  return over.includes("error") ? "not_collected" : "skipped";
}

/** Whether one run has more of it than a test and the error of its teardown. */
export const isDouble = ({ outcomes, hasTeardownError }: TestRecord): boolean =>
  outcomes.length - (hasTeardownError ? 1 : 0) > 1;
