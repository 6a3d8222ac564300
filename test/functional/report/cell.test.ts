import { expect, test } from "vitest";
import { functionalCell } from "../../../src/functional/report/cell.ts";
import { Cell } from "../../../src/result/document/cell.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { deviating, functionalReport, result } from "../../support/functional-report.ts";

const client = { kind: "pitwall", version: "1.0.0" };

test("a report is a cell with counts, and the cases that did not simply conform", () => {
  const results = [result("a"), result("b", { flaky: true }), deviating("c"), result("d", { outcome: "unsupported" })];
  const cell = Cell.parse(functionalCell(functionalReport(results), client));
  expect(gateCell(cell)).toMatchObject({
    id: "check-functional/openai",
    status: "ok",
    metrics: { conforms: 2, deviates: 1, unsupported: 1, not_tested: 0, conforming_fraction: 2 / 3 },
    outcomes: { b: "flaky", c: "deviates", d: "unsupported" },
  });
});

test("a suite of other cases is another series", () => {
  const casesOf = (...ids: string[]) =>
    functionalCell(functionalReport(ids.map((id) => result(id))), client).params.cases;
  expect(casesOf("a", "b")).toBe(casesOf("b", "a"));
  expect(casesOf("a", "b")).not.toBe(casesOf("a", "c"));
});

test("a server that died, and a suite of which nothing could be tested, have no numbers", () => {
  const died = functionalReport([deviating("a")], { died: "since a" });
  expect(functionalCell(died, client)).toMatchObject({ status: "failed", reason: "engine_crashed", detail: "since a" });
  const none = functionalReport([result("a", { outcome: "unsupported" })]);
  expect(functionalCell(none, client)).toMatchObject({ status: "failed", reason: "no_tests" });
});
