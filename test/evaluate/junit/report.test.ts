import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.ts";
import { readJunit } from "../../../src/evaluate/junit/report.ts";
import { realReport } from "../../support/junit-fixtures.ts";

const outcomes = (name: string) =>
  readJunit(realReport(name)).cases.map((one) => `${one.name} ${one.outcome}`.trimStart());

test("every way in which a test of real pytest ends is told from the others", () =>
  expect(outcomes("outcomes").slice(0, 13)).toEqual([
    "test_pass passed",
    "test_fail failed",
    "test_skip skipped",
    "test_skip_inside skipped",
    "test_xfail xfailed",
    "test_xpass_strict failed",
    "test_xpass passed",
    "test_setup_error error",
    "test_teardown_after_pass error",
    "test_teardown_after_fail failed",
    "test_teardown_after_fail error",
    "test_method passed",
    "test_deep failed",
  ]));

test("an expected failure that passes fails where pytest was asked to be strict", () =>
  expect(outcomes("strict-xfail")).toEqual(["test_xpass failed"]));

test.each(["subtests", "subtests-plugin"])("a test fails with any of its parts: %s", (name) =>
  expect(outcomes(name)).toEqual([
    "test_parts failed",
    "test_good_parts passed",
    "test_parts_and_end failed",
    "test_skipped_part skipped",
    "test_parts failed",
    "test_whole passed",
  ]),
);

test("a module that cannot be read is told from a test, whether it fails or is skipped", () =>
  expect(readJunit(realReport("broken")).cases).toMatchObject([
    { classname: "", name: "tests.test_broken", outcome: "error", isCollection: true },
    { classname: "", name: "tests.test_skipped_module", outcome: "skipped", isCollection: true },
  ]));

test("a crashed worker, a second try, a limit of time and an interruption are what pytest made of them", () => {
  expect(outcomes("crashed-worker")).toEqual(["test_before passed", "test_dies error", "test_after passed"]);
  expect(outcomes("reruns")).toEqual([
    "test_second_try passed",
    "test_second_try passed",
    "test_never passed",
    "test_never failed",
  ]);
  expect(outcomes("timeout-signal")).toEqual(["test_quick passed", "test_hang failed", "test_later passed"]);
  expect(outcomes("interrupt")).toEqual(["test_before passed", "passed"]);
});

const suite = (sums: string, inside = "") => `<testsuite ${sums}>${inside}</testsuite>`;

describe("sums", () => {
  test("are those of pytest's own suite", () =>
    expect(readJunit(realReport("outcomes")).counts).toEqual({
      tests: 24,
      failures: 5,
      errors: 3,
      skipped: 3,
      seconds: 0.01,
    }));

  test("are found whether a suite is the root or stands in one, and several are added up", () => {
    const one = suite('tests="3" failures="1" time="0.5"');
    const [two, three] = [suite('tests="2" errors="1" time="1"'), suite('tests="1" skipped="1"')];
    expect(readJunit(one).counts).toMatchObject({ tests: 3, failures: 1, seconds: 0.5 });
    expect(readJunit(`<testsuites>${one}${two}${three}</testsuites>`).counts).toEqual({
      ...{ tests: 6, failures: 1, errors: 1, skipped: 1, seconds: 1.5 },
    });
  });

  test("of a suite in a suite are counted once", () =>
    expect(readJunit(suite('tests="3"', suite('tests="3"'))).counts.tests).toBe(3));
});

describe("what is no report is an error", () => {
  test.each([
    ["an empty file", "", /no well-formed XML.*root/],
    ["half a report", realReport("outcomes").slice(0, 900), /no well-formed XML/],
    ["an attribute twice", '<testsuite tests="1" tests="2"/>', /duplicate attribute/],
    ["a page", "<html><testsuite tests='1'/></html>", /begins with <html>/],
    ["an entity of its own", '<!DOCTYPE a [<!ENTITY l "lol">]><testsuite name="&l;"/>', /undefined entity/],
    ["a sum that is none", '<testsuite tests="many"/>', /tests="many"/],
    ["fewer tests than none", '<testsuite tests="-1"/>', /tests="-1"/],
  ])("%s", (_what, text, words) => {
    expect(() => readJunit(text)).toThrow(words);
    expect(() => readJunit(text)).toThrow(UserError);
  });
});

test("a report of more tests than any engine has is refused, for a patch can write one", () => {
  const many = '<testcase name="a"/>'.repeat(200_001);
  expect(() => readJunit(`<testsuite tests="1">${many}</testsuite>`)).toThrow("more than 200000 tests");
});
