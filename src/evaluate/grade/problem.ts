import type { PhaseRun } from "../evidence.ts";
import type { JunitReport } from "../junit/report.ts";

/** Why nothing of a run counts. */
export interface Problem {
  status: "timeout" | "error" | "no_tests";
  detail: string;
}

const error = (detail: string): Problem => ({ status: "error", detail });

/** A run counts where pytest's exit code and its report say the same; a process that ended itself has no report. */
export function problemOf(end: PhaseRun["end"], report: JunitReport | undefined): Problem | undefined {
  switch (end.kind) {
    case "timeout":
      return { status: "timeout", detail: `the tests were stopped after ${end.seconds} s` };
    case "signal":
      return error(`pytest was ended by ${end.signal}`);
    case "exit":
      if (report !== undefined) return problemOfCode(end.code, report);
      return error(`pytest ended with exit code ${end.code} and wrote no report: something ended its process`);
  }
}

/** Exit codes of pytest: 0 all passed, 1 some failed, 2 interrupted, 3 internal error, 4 bad arguments, 5 no tests. */
function problemOfCode(code: number, { cases }: JunitReport): Problem | undefined {
  // The tests after it are not in the report; pytest.exit() chooses the exit code, 0 too.
  if (code < 2 && cases.some(({ name }) => name === ""))
    return error(`pytest was ended in the middle of a test, with exit code ${code}`);
  const bad = cases.filter(({ outcome }) => outcome === "failed" || outcome === "error");
  switch (code) {
    case 0:
      if (cases.length === 0) return error("pytest ended with exit code 0, but its report has no test");
      if (bad.length === 0) return undefined;
      return error(`pytest ended with exit code 0, though its report has ${countOf(bad.length, "failure")}`);
    case 1:
      return bad.length > 0 ? undefined : error("pytest ended with exit code 1, though its report has no failure");
    case 2:
      // It stops before the first test where a module cannot be read.
      return bad.some(({ isCollection }) => isCollection) ? undefined : error("pytest was interrupted (exit code 2)");
    case 5:
      return { status: "no_tests", detail: "pytest found no tests" };
    default:
      return error(`pytest ended with exit code ${code}${MEANINGS[code] ?? ""}`);
  }
}

const MEANINGS: Record<number, string> = {
  3: ", an error of its own",
  4: ": a test that was asked for is not there, a conftest.py cannot be read, or an argument is not known",
  137: ": it was killed, often for want of memory",
  139: ": it crashed",
};

const countOf = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
