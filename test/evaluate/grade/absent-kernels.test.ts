import { describe, expect, test } from "vitest";
import type { PhaseRun } from "../../../src/evaluate/evidence.ts";
import { grade } from "../../../src/evaluate/grade/grade.ts";
import { phases, ran, tested, withoutLists } from "../../support/phase-runs.ts";

const [X, Y] = ["tests/test_a.py::test_x", "tests/test_a.py::test_y"] as const;

/** The failures of a run with pytest's words for a module that is not there. */
function lacking(run: PhaseRun, module: string): PhaseRun {
  const words = `ModuleNotFoundError: No module named '${module}'`;
  const collection = `"collection failure">Traceback:\ntests/test_a.py:1: in &lt;module&gt;\n    import it\nE   ${words}</error>`;
  const junit = run.junit!.replace('message="no"', `message="${words}"`).replace('"collection failure"/>', collection);
  return { ...run, junit };
}

const bothFail = ran([
  [X, "failed"],
  [Y, "passed"],
]);
const gradeWith = (after: PhaseRun, absent: string[], lists = tested([X], [Y])) => {
  const { status, detail } = grade(lists, phases(bothFail, after), lists.lists, absent);
  return [status, detail];
};
const LACKS = ["environment", "the image lacks flash-attn, which its tests need"];

describe("a test that cannot import an optional kernel", () => {
  test("says nothing of the patch where the image is known to lack it", () => {
    expect(gradeWith(lacking(bothFail, "flash_attn.ops"), ["flashinfer", "flash-attn"])).toEqual(LACKS);
  });

  test("says so of its whole module, too", () => {
    const broken = ran([["tests/test_a.py", "error"]]);
    expect(gradeWith(lacking(broken, "flash_attn"), ["flash-attn"])).toEqual(LACKS);
  });

  test("says so where the lists would come from this very run", () => {
    expect(gradeWith(lacking(bothFail, "flash_attn"), ["flash-attn"], withoutLists)).toEqual(LACKS);
  });

  test("is a failure of the patch where nothing is known to be absent, or another module is", () => {
    expect(gradeWith(lacking(bothFail, "flash_attn"), [])[0]).toBe("unresolved");
    expect(gradeWith(lacking(bothFail, "flash_attn_3"), ["flash-attn"])[0]).toBe("unresolved");
  });

  test("excuses no other test that fails", () => {
    const after = ran([
      [X, "failed"],
      [Y, "failed"],
    ]);
    expect(gradeWith(lacking(after, "flash_attn"), ["flash-attn"])[0]).toBe("unresolved");
  });
});
