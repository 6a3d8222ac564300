import { expect, test } from "vitest";
import type { ScenarioResult } from "../../../src/scenario/result.ts";
import { scenarioSummary } from "../../../src/verbs/scenario/summary.ts";

test("a scenario's stages are a table, in which what an engine said is inert", () => {
  const result: ScenarioResult = {
    ...{ scenario: "sim", run_type: "pr", base_url: null, functional: "skipped", pushed: false, good: false },
    stages: [{ stage: "ready", state: "failed", detail: "<img src=x> | gone", seconds: 1.25 }],
  };
  const { source } = scenarioSummary([result]);
  expect(source).toContain("## ❌ sim, pr");
  expect(source).toContain("| ready | failed | 1.3 | ");
  expect(source).not.toContain("<img");
});
