import { expect, test } from "vitest";
import { pastOfCases } from "../../../src/functional/report/history.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { deviating, functionalReport, result } from "../../support/functional-report.ts";

/** Runs of days in a row, each with the words of the cases that did not simply conform. */
const runsOf = (...days: Record<string, string>[]): Run[] =>
  days.map((outcomes, day) => ({
    ...{ id: `run-${day + 1}`, startedAt: `2026-11-0${day + 1}T00:00:00Z`, simulated: false, model: { name: "tiny" } },
    cells: [{ benchmark: "check-functional", params: { suite: "openai" }, status: "ok", outcomes }],
  })) as unknown as Run[];

const report = functionalReport([
  ...["broken", "always", "new", "flaps"].map((id) => deviating(id)),
  result("shaky", { flaky: true }),
  result("good"),
]);

test("the history tells a broken case, since which run, from one that comes and goes", () => {
  const always = { always: "deviates" };
  const runs = runsOf(...[always, { ...always, flaps: "deviates" }, { ...always, broken: "deviates" }], {
    ...always,
    broken: "deviates",
    shaky: "flaky",
  });
  expect(Object.fromEntries(pastOfCases(report, runs))).toEqual({
    broken: "deviates since run-3, 3 runs",
    always: "deviates in all 4 runs looked at",
    new: "deviates now, conformed in 4 runs before",
    flaps: "comes and goes: 1 of 4 runs before deviated, 0 were flaky",
    shaky: "comes and goes: 0 of 4 runs before deviated, 1 were flaky",
  });
});

test("one run before is told as one", () => {
  const past = pastOfCases(report, runsOf({ always: "deviates" }));
  expect(past.get("always")).toBe("deviates in the only run looked at");
  expect(past.get("new")).toBe("deviates now, conformed in 1 run before");
});

test("runs of another model or suite say nothing of these cases", () => {
  const others = runsOf({ broken: "deviates" }).map((run) => ({ ...run, model: { ...run.model, name: "other" } }));
  expect(pastOfCases(report, others).get("broken")).toBe("no run before");
});
