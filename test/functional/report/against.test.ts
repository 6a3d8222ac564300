import { expect, test } from "vitest";
import { changesBetween, changeText } from "../../../src/functional/report/against.ts";
import { deviating, functionalReport, result } from "../../support/functional-report.ts";

test("two reports are held against each other case by case: what deviates now, is mended, new, gone or changed otherwise", () => {
  const before = functionalReport([result("a"), deviating("b"), result("c"), result("gone"), result("same")]);
  const after = functionalReport([
    ...[deviating("a"), result("b"), result("c", { outcome: "unsupported" }), result("same"), deviating("new")],
  ]);
  expect(changesBetween(before, after).map(changeText)).toEqual([
    "deviates now: a (conforms → deviates)",
    "mended: b (deviates → conforms)",
    "changed: c (conforms → unsupported)",
    "new case: new (deviates)",
    "gone: gone (conforms)",
  ]);
});

test("nothing changed between a report and itself", () => {
  const report = functionalReport([result("a"), deviating("b")]);
  expect(changesBetween(report, report)).toEqual([]);
});
