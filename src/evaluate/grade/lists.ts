import type { TestLists } from "../instance.ts";
import { nodesOver } from "../junit/test-id.ts";
import type { PhaseTests } from "./phase-tests.ts";
import type { Grade } from "./status.ts";

const isFailure = (state: string) => state === "failed" || state === "error" || state === "not_collected";

/**
 * What the gold patch's two phases say of each test. One that could not even be read before counts as failed then: where a module
 * imports what only the patch brings, all of its tests go from fail to pass.
 */
export function listsOf(before: PhaseTests, after: PhaseTests): TestLists {
  const passed = [...after.ids].filter((id) => after.state(id) === "passed");
  return {
    failToPass: passed.filter((id) => isFailure(before.state(id))),
    passToPass: passed.filter((id) => before.state(id) === "passed"),
  };
}

/** Failed before, and does not pass now. */
export function bothFailedOf(before: PhaseTests, after: PhaseTests): string[] {
  const tests = [...before.ids].filter((id) => isFailure(before.state(id)) && after.state(id) !== "passed");
  const passed = [...after.ids].filter((id) => after.state(id) === "passed");
  const mended = new Set(passed.flatMap(nodesOver));
  return [...before.broken.filter((node) => !mended.has(node)), ...tests];
}

/** Passed before, and is no longer so; a test that is skipped now has not been asked. */
export const regressionsOf = (before: PhaseTests, after: PhaseTests): string[] =>
  [...before.ids].filter(
    (id) => before.state(id) === "passed" && !["passed", "skipped", "unstable"].includes(after.state(id)),
  );

/** The lists that a gold patch's grade gives to every other candidate. Undefined: it did not resolve the instance itself. */
export const listsFromGold = ({ status, failToPass, passToPass }: Grade): TestLists | undefined =>
  status === "resolved" ? { failToPass: failToPass.passed, passToPass: passToPass.passed } : undefined;
