import type { Evidence } from "../evidence.ts";
import type { TestLists } from "../instance.ts";
import { knownTests, type Tested } from "../tested.ts";
import { withAbsentKernels } from "./absent-kernels.ts";
import { bothFailedOf, listsOf, regressionsOf } from "./lists.ts";
import { type PhaseTests, readPhase } from "./phase-tests.ts";
import { type Grade, gradeWithoutTests, type Listed, type Status } from "./status.ts";

/**
 * What the evidence proves, and nothing more.
 * @param lists what must pass; undefined: what these phases themselves show, for the gold patch of an instance without lists
 */
export const grade = (tested: Tested, evidence: Evidence, lists = tested.lists, absentKernels: Absent = []): Grade =>
  judge(tested, evidence, lists, absentKernels).grade;

/** Optional kernels that the image was made without. */
type Absent = readonly string[];

export interface Judged {
  grade: Grade;
  /** Where it came to its tests. */
  phases?: { before: PhaseTests; after: PhaseTests };
}

/** The same, with the tests that it rests on. */
export function judge(tested: Tested, evidence: Evidence, lists = tested.lists, absentKernels: Absent = []): Judged {
  if (evidence.kind !== "phases") return { grade: gradeOfEnd(evidence) };
  const known = knownTests({ ...tested, lists });
  const [before, after] = [readPhase(evidence.before, known), readPhase(evidence.after, known)];
  const graded = gradePhases(before, after, lists);
  return { grade: withAbsentKernels(graded, after, absentKernels), phases: { before, after } };
}

function gradeOfEnd(evidence: Exclude<Evidence, { kind: "phases" }>): Grade {
  switch (evidence.kind) {
    case "patch_failed":
      return gradeWithoutTests("patch_failed", `git refuses the ${evidence.which}'s patch: ${evidence.detail}`);
    case "empty_patch":
      return gradeWithoutTests("unresolved", "the patch is empty: nothing was run");
    case "no_tests":
      return gradeWithoutTests("no_tests", evidence.detail);
    case "stopped":
      return gradeWithoutTests(evidence.status, `${evidence.step}: ${evidence.detail}`);
  }
}

/** The same of two phases that were read. */
export function gradePhases(before: PhaseTests, after: PhaseTests, lists = listsOf(before, after)): Grade {
  const failToPass = listed(lists.failToPass, after);
  const passToPass = listed(lists.passToPass.filter(counts(before, after)), after);
  return {
    ...statusOf({ before, after, lists, failToPass, passToPass }),
    ...{ failToPass, passToPass },
    regressions: regressionsOf(before, after),
    bothFailed: bothFailedOf(before, after),
    skipped: [...after.ids].filter((id) => after.state(id) === "skipped"),
    unstable: [...inPhase("before", before.unstable), ...inPhase("after", after.unstable)],
    doubled: [...inPhase("before", before.doubled), ...inPhase("after", after.doubled)],
  };
}

/** A test that wavers without the patch, too, says nothing of it; one that fails each time with it does. */
const counts = (before: PhaseTests, after: PhaseTests) => (id: string) =>
  before.state(id) !== "unstable" || after.state(id) !== "unstable";

const inPhase = <T>(phase: "before" | "after", entries: readonly T[]) => entries.map((entry) => ({ ...entry, phase }));

function listed(ids: readonly string[], after: PhaseTests): Listed {
  const states = ids.map((id) => ({ id, why: after.state(id) }));
  return {
    passed: states.filter(({ why }) => why === "passed").map(({ id }) => id),
    failed: states.filter(({ why }) => why !== "passed"),
  };
}

interface Parts {
  before: PhaseTests;
  after: PhaseTests;
  lists: TestLists;
  failToPass: Listed;
  passToPass: Listed;
}

function statusOf({ before, after, lists, failToPass, passToPass }: Parts): { status: Status; detail: string } {
  const problem = problemIn(before, after);
  if (problem !== undefined) return problem;
  if (isAllSkipped(before) && isAllSkipped(after))
    return { status: "no_tests", detail: `all tests are skipped here, without the patch and with it` };
  const shown = lists.failToPass;
  if (shown.length === 0) return { status: "unresolved", detail: "no test goes from fail to pass" };
  if (shown.every((id) => before.state(id) === "passed"))
    return {
      status: "environment",
      detail: "every test that should fail without the patch passes: no defect shows here",
    };
  if (failToPass.failed.length + passToPass.failed.length === 0) return { status: "resolved", detail: "" };
  const isPartial = failToPass.passed.length > 0 && passToPass.failed.length === 0;
  return { status: isPartial ? "partial" : "unresolved", detail: shortfall(failToPass, passToPass) };
}

/** A phase of which nothing counts; the first, because the other is measured against it. */
function problemIn(before: PhaseTests, after: PhaseTests): { status: Status; detail: string } | undefined {
  const [first, second] = [before.problem, after.problem];
  if (first !== undefined) return { ...first, detail: `without the patch ${first.detail}` };
  return second && { ...second, detail: `with the patch ${second.detail}` };
}

const isAllSkipped = ({ ids, broken, state }: PhaseTests) =>
  ids.size > 0 && broken.length === 0 && [...ids].every((id) => state(id) === "skipped");

function shortfall(failToPass: Listed, passToPass: Listed): string {
  const part = ({ passed, failed }: Listed, what: string) =>
    failed.length === 0
      ? []
      : [`${failed.length} of ${passed.length + failed.length} tests that should ${what} do not${absence(failed)}`];
  return [...part(failToPass, "go from fail to pass"), ...part(passToPass, "still pass")].join(", ");
}

/** A wrong id in a dataset looks like a wrong patch. */
function absence(failed: Listed["failed"]): string {
  const [first, ...more] = failed.filter(({ why }) => why === "missing");
  if (first === undefined) return "";
  return ` (not there: ${first.id}${more.length === 0 ? "" : ` and ${more.length} more`})`;
}
