import { describe, expect, test } from "vitest";
import type { PhaseRun } from "../../../src/evaluate/evidence.ts";
import { grade } from "../../../src/evaluate/grade/grade.ts";
import { listsFromGold } from "../../../src/evaluate/grade/lists.ts";
import { realRun } from "../../support/junit-fixtures.ts";
import { phases, ran, tested, withoutLists } from "../../support/phase-runs.ts";

const [X, Y, Z] = ["test_x", "test_y", "test_z"].map((name) => `tests/test_a.py::${name}`) as [string, string, string];
const before = ran({ [X]: "failed", [Y]: "failed", [Z]: "passed" });
const whole = tested([X, Y], [Z]);
const statusAfter = (after: PhaseRun | PhaseRun[]) => grade(whole, phases(before, after)).status;

describe("a patch", () => {
  test("resolves an instance when all its tests pass", () =>
    expect(grade(whole, phases(before, ran({ [X]: "passed", [Y]: "passed", [Z]: "passed" })))).toMatchObject({
      ...{ status: "resolved", detail: "", regressions: [], bothFailed: [] },
    }));

  test("resolves it in part when some defects are gone and nothing else is", () =>
    expect(grade(whole, phases(before, ran({ [X]: "passed", [Y]: "failed", [Z]: "passed" })))).toMatchObject({
      ...{ status: "partial", detail: "1 of 2 tests that should go from fail to pass do not", bothFailed: [Y] },
    }));

  test("does not when what passed no longer does", () =>
    expect(grade(whole, phases(before, ran({ [X]: "passed", [Y]: "passed", [Z]: "failed" })))).toMatchObject({
      ...{ status: "unresolved", detail: "1 of 1 tests that should still pass do not", regressions: [Z] },
    }));

  test("that git refuses, that is empty or that has no tests to run is named as such", () => {
    expect(grade(whole, { kind: "patch_failed", which: "candidate", detail: "x.py: no such file" })).toMatchObject({
      ...{ status: "patch_failed", detail: "git refuses the candidate's patch: x.py: no such file" },
    });
    expect(grade(whole, { kind: "empty_patch" })).toMatchObject({
      status: "unresolved",
      detail: expect.stringMatching(/empty/),
    });
    expect(grade(whole, { kind: "no_tests", detail: "it names none" }).status).toBe("no_tests");
  });
});

describe("never a success", () => {
  const passed = ran({ [X]: "passed", [Y]: "passed", [Z]: "passed" });
  const timeout: PhaseRun = { end: { kind: "timeout", seconds: 600 }, seconds: 600 };
  const endedEarly = passed.junit?.replace("</testsuite>", '<testcase time="0.0"/></testsuite>');
  const allSkipped = ran({ [X]: "skipped", [Y]: "skipped", [Z]: "skipped" });

  test.each([
    ["nothing collected", realRun("nothing"), "no_tests"],
    ["all skipped", allSkipped, "unresolved"],
    ["a timeout", timeout, "timeout"],
    ["a timeout behind a report that passed", { ...passed, ...timeout, junit: passed.junit }, "timeout"],
    ["a process that ended itself after it printed “passed”", realRun("leaves"), "error"],
    ["a crash", realRun("crash"), "error"],
    ["a limit of time that ends the process", realRun("timeout-thread"), "error"],
    ["an interruption", realRun("interrupt"), "error"],
    ["an end in the middle of a test, with an exit code of its own", { ...passed, junit: endedEarly }, "error"],
    ["a conftest.py that cannot be read", realRun("conftest"), "error"],
    ["a test that was asked for and is not there", realRun("no-such-test"), "error"],
    ["a report that is cut off", { ...passed, junit: passed.junit?.slice(0, -30) }, "error"],
    ["a report without tests", ran({}), "error"],
    ["a process that was killed", { ...passed, end: { kind: "exit", code: 137 } }, "error"],
  ] as [string, PhaseRun, string][])("%s", (_what, after, status) => expect(statusAfter(after)).toBe(status));

  test.each([
    ["a base that runs out of time", timeout, "timeout"],
    ["a base that crashes", realRun("crash"), "error"],
    ["a base without tests", realRun("nothing"), "no_tests"],
    ["a base on which the defect does not show", passed, "environment"],
  ] as [string, PhaseRun, string][])("%s", (_what, base, status) =>
    expect(grade(whole, phases(base, passed)).status).toBe(status),
  );

  test("all tests skipped in both phases are no tests", () =>
    expect(grade(whole, phases(allSkipped, allSkipped)).status).toBe("no_tests"));

  test("a broken base is told before a broken patch", () =>
    expect(grade(whole, phases(timeout, realRun("crash"))).detail).toBe(
      "without the patch the tests were stopped after 600 s",
    ));
});

describe("with each phase run several times", () => {
  const [pass, fail] = [ran({ [X]: "passed" }), ran({ [X]: "failed" })];

  test("a test counts that agrees each time", () =>
    expect(grade(tested([X]), phases([fail, fail, fail], [pass, pass, pass])).status).toBe("resolved"));

  test("one that does not is named, with how often it passed", () => {
    const { status, unstable, failToPass } = grade(tested([X]), phases([fail, fail, fail], [pass, fail, pass]));
    expect(status).toBe("unresolved");
    expect(unstable).toEqual([{ id: X, phase: "after", passed: 2, of: 3 }]);
    expect(failToPass.failed).toEqual([{ id: X, why: "unstable" }]);
  });

  describe("one that should still pass, and wavers without the patch, too,", () => {
    const both = (x: string, y: string) => ran({ [X]: x, [Y]: y } as Parameters<typeof ran>[0]);
    const before = [both("failed", "passed"), both("failed", "failed")];
    const graded = (...after: ReturnType<typeof both>[]) => grade(tested([X], [Y]), phases(before, after));

    test("is not held against it", () => {
      const { status, unstable } = graded(both("passed", "failed"), both("passed", "passed"));
      expect(status).toBe("resolved");
      expect(unstable.map(({ id, phase }) => `${id} ${phase}`)).toEqual([`${Y} before`, `${Y} after`]);
    });

    test("is where it fails each time with it", () => {
      expect(graded(both("passed", "failed"), both("passed", "failed")).status).toBe("unresolved");
    });
  });

  test("one that fails now so and now so has failed", () =>
    expect(grade(tested([X]), phases([fail, fail], [ran({ [X]: "error" }), fail])).failToPass.failed).toEqual([
      { id: X, why: "error" },
    ]));

  test("one run without a result leaves the phase without one", () =>
    expect(grade(tested([X]), phases([fail, fail], [pass, realRun("crash")])).status).toBe("error"));
});

test("very many results of one test are graded like two, and ten of them are named", () => {
  const many = ran(Array.from({ length: 150_000 }, () => [X, "passed"] as const));
  const { status, doubled } = grade(tested([X]), phases(ran({ [X]: "failed" }), many));
  expect(status).toBe("resolved");
  expect(doubled).toEqual([{ id: X, phase: "after", outcomes: Array(10).fill("passed") }]);
});

test("a test that passes only at a second try is unstable, and one that never does has failed", () => {
  const ids = ["tests/test_flaky.py::test_second_try", "tests/test_flaky.py::test_never"];
  const { status, unstable, failToPass } = grade(
    tested(ids),
    phases(ran(ids.map((id) => [id, "failed"] as const)), realRun("reruns")),
  );
  expect(status).toBe("unresolved");
  expect(unstable).toEqual([{ id: ids[0], phase: "after", passed: 1, of: 2 }]);
  expect(failToPass.failed.map(({ why }) => why)).toEqual(["unstable", "failed"]);
});

describe("lists from the gold run", () => {
  test("are what its two phases show", () => {
    const after = ran({ [X]: "passed", [Y]: "failed", [Z]: "passed", "tests/test_a.py::test_new": "passed" });
    const gold = grade(withoutLists, phases(before, after));
    expect(gold).toMatchObject({ status: "resolved", bothFailed: [Y] });
    expect(listsFromGold(gold)).toEqual({ failToPass: [X], passToPass: [Z] });
  });

  test("have all tests of a module that could not be read before, and of no other", () => {
    const base = ran({ "tests/test_a.py": "error" }, 2);
    const gold = grade(
      withoutLists,
      phases(base, ran({ [X]: "passed", [Y]: "passed", "tests/test_b.py::test_x": "passed" })),
    );
    expect(listsFromGold(gold)).toEqual({ failToPass: [X, Y], passToPass: [] });
    expect(gold.bothFailed).toEqual([]);
  });

  test("leave out what is unstable", () => {
    const [pass, fail] = [ran({ [X]: "passed", [Y]: "passed" }), ran({ [X]: "passed", [Y]: "failed" })];
    const gold = grade(withoutLists, phases([ran({ [X]: "failed", [Y]: "failed" })], [pass, fail]));
    expect(listsFromGold(gold)).toEqual({ failToPass: [X], passToPass: [] });
  });

  test("are none where it shows no defect, and then grade nobody", () => {
    const gold = grade(withoutLists, phases(ran({ [X]: "passed" }), ran({ [X]: "passed" })));
    expect(gold).toMatchObject({ status: "unresolved", detail: "no test goes from fail to pass" });
    expect(listsFromGold(gold)).toBeUndefined();
  });

  test("a module that cannot be read in either phase has failed in both", () => {
    const broken = ran({ "tests/test_a.py": "error" }, 2);
    expect(grade(withoutLists, phases(broken, broken)).bothFailed).toEqual(["tests/test_a.py"]);
  });
});
