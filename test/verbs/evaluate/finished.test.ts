import { expect, test } from "vitest";
import { FinishedSoFar } from "../../../src/verbs/evaluate/finished.ts";
import { phases, ran } from "../../support/phase-runs.ts";
import { askedFor, savedEvidence } from "../../support/saved-evidence.ts";

const X = "tests/test_a.py::test_x";
const [passed, failed] = [ran({ [X]: "passed" }), ran({ [X]: "failed" })];

test("where the dataset has no lists and the gold patch gives none, no model has resolved anything", () => {
  const finished = new FinishedSoFar(askedFor({ entries: { a: {} }, models: { m: { a: "diff" } } }));
  finished.add("a", { saved: savedEvidence("gold", "a", phases(failed, failed)), isReused: false });
  const line = finished.add("a", { saved: savedEvidence("m", "a", phases(failed, passed)), isReused: false });
  expect(line).toMatch(/^m a: error \(8\.0 s\): the dataset has no lists of tests/);
  expect(finished.graded().map(({ candidate, grade }) => [candidate, grade.status])).toEqual([
    ["gold", "unresolved"],
    ["m", "error"],
  ]);
});
