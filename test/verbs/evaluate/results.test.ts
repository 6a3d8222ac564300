import { expect, test } from "vitest";
import { gradeAll } from "../../../src/evaluate/results/graded.ts";
import { summaryOf } from "../../../src/evaluate/results/summary.ts";
import { outcomeOf } from "../../../src/verbs/evaluate/results.ts";
import { phases, ran } from "../../support/phase-runs.ts";
import { askedFor, savedEvidence } from "../../support/saved-evidence.ts";

const X = "tests/test_a.py::test_x";
const mended = phases(ran({ [X]: "failed" }), ran({ [X]: "passed" }));

test("an instance that an empty patch resolves too is no success of a model's", () => {
  const asked = askedFor({ entries: { a: {} }, models: { m: { a: "diff" } }, controls: true });
  const evaluated = gradeAll(asked, (candidate, instance) => savedEvidence(candidate, instance, mended));
  const { ok, outputs } = outcomeOf(evaluated, summaryOf(evaluated), "out");
  expect({ ok, ...outputs }).toMatchObject({ ok: false, instances: 1, resolved: 0, notResolved: ["a"] });
});
