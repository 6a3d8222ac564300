import { describe, expect, test } from "vitest";
import { grade } from "../../../src/evaluate/grade/grade.ts";
import type { Instance } from "../../../src/evaluate/instance.ts";
import { testedOf } from "../../../src/evaluate/tested.ts";
import { ADD, BROKEN, smallEvaluation, ZERO } from "../../support/evaluate/small-evaluation.ts";

type Change = Partial<Instance> & { tests?: Record<string, string>; fix?: Record<string, string> };

/** The grade of the gold patch, of pytest's own runs. */
async function gradeOf(change: Change, base: Record<string, string> = BROKEN) {
  await using at = await smallEvaluation(base);
  const instance = at.instance(change);
  const [one] = await at.run([instance]);
  return grade(testedOf(instance), one!.saved.evidence);
}

const NEW = "tests/test_new.py";
const MORE = { [NEW]: "from more import twice\n\n\ndef test_twice():\n    assert twice(2) == 4\n" };
const ids = (...paths: string[]) => ({ kind: "ids" as const, paths });

describe("of tests that are asked for by id", () => {
  test("one whose module imports what only the patch brings goes from fail to pass, and those of other modules still count", async () => {
    const judged = await gradeOf({
      tests: MORE,
      fix: { "more.py": "def twice(a):\n    return 2 * a\n" },
      targets: ids(`${NEW}::test_twice`, ZERO),
      lists: undefined,
    });
    expect(judged).toMatchObject({
      ...{ status: "resolved", detail: "", regressions: [] },
      ...{ failToPass: { passed: [`${NEW}::test_twice`] }, passToPass: { passed: [ZERO] } },
    });
  });

  test("one that is not there hides no other, and is named", async () => {
    const missing = "tests/test_calc.py::test_none_such";
    const judged = await gradeOf({
      targets: ids(ADD, ZERO, missing),
      lists: { failToPass: [ADD, missing], passToPass: [ZERO] },
    });
    expect(judged).toMatchObject({
      status: "partial",
      detail: `1 of 2 tests that should go from fail to pass do not (not there: ${missing})`,
      failToPass: { passed: [ADD], failed: [{ id: missing, why: "missing" }] },
      passToPass: { passed: [ZERO] },
    });
  });

  test("one whose file is not there hides no other", async () => {
    const judged = await gradeOf({ targets: ids(ADD, ZERO, "tests/test_gone.py::test_a") });
    expect(judged).toMatchObject({ status: "resolved", regressions: [] });
  });

  test("only those count, though their whole file had to run", async () => {
    const judged = await gradeOf({ targets: ids(ADD, "tests/test_calc.py::test_none_such"), lists: undefined });
    expect(judged).toMatchObject({ failToPass: { passed: [ADD] }, passToPass: { passed: [] } });
  });

  test("one that a class inherits has the id that pytest prints", async () => {
    const inherited = "tests/test_kind.py::TestKind::test_add";
    const tests = {
      "tests/kinds.py":
        "from calc import add\n\n\nclass Kind:\n    def test_add(self):\n        assert add(1, 2) == 3\n",
      "tests/__init__.py": "",
      "tests/test_kind.py": "from tests.kinds import Kind\n\n\nclass TestKind(Kind):\n    pass\n",
    };
    const judged = await gradeOf({ tests, targets: ids(inherited), lists: undefined });
    expect(judged).toMatchObject({ status: "resolved", failToPass: { passed: [inherited] } });
  });
});

test("a test that passes though it is expected to fail has failed", async () => {
  const tests = {
    "tests/test_calc.py":
      "import pytest\nfrom calc import add\n\n\n@pytest.mark.xfail\ndef test_zero():\n    assert add(1, 0) == 1\n\n\ndef test_add():\n    assert add(1, 2) == 3\n",
  };
  expect(await gradeOf({ tests })).toMatchObject({
    status: "unresolved",
    passToPass: { failed: [{ id: ZERO, why: "failed" }] },
  });
});
