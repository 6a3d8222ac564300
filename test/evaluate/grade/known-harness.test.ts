import { describe, expect, test } from "vitest";
import { grade } from "../../../src/evaluate/grade/grade.ts";
import { realRun } from "../../support/junit-fixtures.ts";
import { phases, ran, tested } from "../../support/phase-runs.ts";

/*
 * Situations in which a well-known harness gives a grade that its evidence does not bear out, or two parts of it give two.
 */

const X = "tests/test_a.py::test_x";
const Y = "tests/test_a.py::test_y";
const ONE = "tests/test_outcomes.py";
const failing = ran({ [X]: "failed" });

/** The grade of what real pytest said after the patch. */
const gradeOfReal = (name: string, failToPass: string[]) =>
  grade(tested(failToPass), phases(ran(failToPass.map((id) => [id, "failed"] as const)), realRun(name)));

test("two tests that print the same line are two: full ids are compared, never what a runner prints", () => {
  const [one, two] = ["tests/test_a.py::TestA::test_x", "tests/test_a.py::TestB::test_x"];
  const before = ran({ [one]: "failed", [two]: "failed" });
  const { status, failToPass } = grade(tested([one, two]), phases(before, ran({ [one]: "failed", [two]: "passed" })));
  expect(status).toBe("partial");
  expect(failToPass).toEqual({ passed: [two], failed: [{ id: one, why: "failed" }] });
});

test("a test that passes and whose teardown errors has not passed", () => {
  const { status, failToPass } = gradeOfReal("outcomes", [`${ONE}::test_teardown_after_pass`]);
  expect(status).toBe("unresolved");
  expect(failToPass.failed).toEqual([{ id: `${ONE}::test_teardown_after_pass`, why: "error" }]);
});

test.each(["subtests", "subtests-plugin"])("a failed part fails its test: %s", (name) =>
  expect(gradeOfReal(name, ["tests/test_parts.py::test_parts"]).status).toBe("unresolved"),
);

describe("a skipped test", () => {
  const before = ran({ [X]: "failed", [Y]: "passed" });

  test("that should still pass is no success and no regression, and is named", () => {
    const { status, skipped, regressions, passToPass } = grade(
      tested([X], [Y]),
      phases(before, ran({ [X]: "passed", [Y]: "skipped" })),
    );
    expect(status).toBe("unresolved");
    expect({ skipped, regressions }).toEqual({ skipped: [Y], regressions: [] });
    expect(passToPass.failed).toEqual([{ id: Y, why: "skipped" }]);
  });

  test("that should now pass is no success", () =>
    expect(grade(tested([X]), phases(before, ran({ [X]: "skipped" }))).status).toBe("unresolved"));
});

test.each([
  ["an expected failure", "test_xfail", "xfailed"],
  ["an expected failure that passes where that is strict", "test_xpass_strict", "failed"],
  ["a test that is not there", "test_none", "missing"],
])("%s has not passed, and the reason is kept", (_what, name, why) => {
  const { status, failToPass } = gradeOfReal("outcomes", [`${ONE}::${name}`]);
  expect(status).toBe("unresolved");
  expect(failToPass.failed).toEqual([{ id: `${ONE}::${name}`, why }]);
});

test("nor has one whose module cannot be read", () => {
  const { failToPass } = gradeOfReal("broken", ["tests/test_broken.py::test_one"]);
  expect(failToPass.failed).toEqual([{ id: "tests/test_broken.py::test_one", why: "not_collected" }]);
});

test("an id that was cut in its brackets is another id: it never ran", () => {
  const { failToPass } = grade(tested([`${X}[x`]), phases(failing, ran({ [`${X}[xy]`]: "passed" })));
  expect(failToPass.failed).toEqual([{ id: `${X}[x`, why: "missing" }]);
});

test("ids with spaces, quotes and brackets are found whole", () => {
  const ids = ["a b", "x::y", "[z]", "it's", '"q"', "a/b.py", "<&>", "new\\nline"].map(
    (it) => `${ONE}::test_words[${it}]`,
  );
  expect(gradeOfReal("outcomes", ids).status).toBe("resolved");
});

describe("one id twice", () => {
  const before = ran({ [X]: "failed" });

  test.each([
    ["pass, then fail", ["passed", "failed"]],
    ["fail, then pass", ["failed", "passed"]],
  ] as const)("%s: the worst counts, and both are named", (_what, outcomes) => {
    const after = ran(outcomes.map((outcome) => [X, outcome] as const));
    const { status, doubled } = grade(tested([X]), phases(before, after));
    expect(status).toBe("unresolved");
    expect(doubled).toEqual([{ id: X, phase: "after", outcomes: [...outcomes] }]);
  });

  test("a test and the error of its teardown are not a double", () =>
    expect(gradeOfReal("outcomes", [`${ONE}::test_teardown_after_fail`]).doubled).toEqual([]));
});

test.each([
  [
    "the exit code says failed, the report does not",
    "fails-after-passing",
    "with the patch pytest ended with exit code 1, though its report has no failure",
  ],
  [
    "the report says failed, the exit code does not",
    "status-of-its-own",
    "with the patch pytest ended with exit code 0, though its report has 1 failure",
  ],
])("%s: an error, not a patch that does not apply", (_what, name, detail) =>
  expect(gradeOfReal(name, [`${ONE}::test_pass`])).toMatchObject({ status: "error", detail }),
);

test("nothing to go from fail to pass is never resolved", () =>
  expect(grade(tested([], [Y]), phases(ran({ [Y]: "passed" }), ran({ [Y]: "passed" }))).status).toBe("unresolved"));

test("a failure of the environment is one by the step that failed, whatever words its log has", () => {
  const detail = "the image was not found";
  const evidence = { kind: "stopped", step: "container", status: "environment", detail } as const;
  expect(grade(tested([X]), evidence)).toMatchObject({ status: "environment", detail: `container: ${detail}` });
  expect(grade(tested([X]), phases(failing, ran({ [X]: "passed" }))).status).toBe("resolved");
});
