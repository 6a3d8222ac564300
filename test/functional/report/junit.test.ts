import { expect, test } from "vitest";
import { readJunit } from "../../../src/evaluate/junit/report.ts";
import { junitXml } from "../../../src/functional/report/junit.ts";
import { deviating, functionalReport, result } from "../../support/functional-report.ts";

const report = functionalReport([
  result("chat.one"),
  deviating("chat.two", { reason: 'must be "<a>" & \u0007]]>\u{1F30A}' }),
  result("models.list", { endpoint: "models", outcome: "unsupported", missing: ["models.retrieve"] }),
]);

test("a report as JUnit is read back as it was: passed, failed, skipped, each under its endpoint", () => {
  const { counts, cases } = readJunit(junitXml(report));
  expect(counts).toMatchObject({ tests: 3, failures: 1, errors: 0, skipped: 1 });
  expect(cases.map(({ classname, name, outcome }) => `${classname} ${name} ${outcome}`)).toEqual([
    "openai.chat chat.one passed",
    "openai.chat chat.two failed",
    "openai.models models.list skipped",
  ]);
});

test("what a server said is text in it, whatever it is", () => {
  expect(junitXml(report)).toContain("must be &quot;&lt;a&gt;&quot; &amp; ␇]]&gt;🌊");
});
