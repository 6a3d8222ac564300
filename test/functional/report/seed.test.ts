import { expect, test } from "vitest";
import type { Answer } from "../../../src/functional/model/case.ts";
import { seedReport, seedReports } from "../../../src/functional/report/seed.ts";
import { deviating, result } from "../../support/functional-report.ts";

const results = [
  result("chat_hello"),
  deviating("chat_bad"),
  result("chat_tools", { outcome: "unsupported", missing: ["chat.tools"] }),
  result("comp_late", { endpoint: "completions", outcome: "not_tested", reason: "the server died" }),
];
const answers = new Map<string, Answer[]>([
  ["chat_hello", [{ status: 200, contentType: "application/json", text: '{"id": "x"}' }]],
]);

test("each endpoint has its summary and results in vllm_cibench's form", () => {
  expect(seedReports(results, answers)).toEqual({
    chat: {
      summary: { total: 3, passed: 1, failed: 1, skipped: 1 },
      results: [
        { id: "chat_hello", ok: true, error: null, payload: { id: "x" } },
        { id: "chat_bad", ok: false, error: "$.n: must be 1, but is 2", payload: null },
        {
          ...{ id: "chat_tools", ok: false, skipped: true, error: null, payload: null },
          missing_capabilities: ["chat.tools"],
        },
      ],
    },
    completions: {
      summary: { total: 1, passed: 0, failed: 1, skipped: 0 },
      results: [{ id: "comp_late", ok: false, error: "the server died", payload: null }],
    },
  });
});

test("a scenario's run has the same of all endpoints together", () => {
  expect(seedReport(results, answers).summary).toEqual({ total: 4, passed: 1, failed: 2, skipped: 1 });
});
