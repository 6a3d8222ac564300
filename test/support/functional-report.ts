import type { CaseResult } from "../../src/functional/model/result.ts";
import { countsOf, type FunctionalReport } from "../../src/functional/report/report.ts";

export const result = (id: string, more: Partial<CaseResult> = {}): CaseResult => ({
  ...{ id, title: `title of ${id}`, severity: "must", endpoint: "chat", outcome: "conforms", tries: 1, seconds: 0.5 },
  ...more,
});

export const deviating = (id: string, more: Partial<CaseResult> = {}): CaseResult =>
  result(id, {
    ...{ outcome: "deviates", reason: "must be 1, but is 2", path: "$.n" },
    exchanges: [{ request: "POST /v1/chat/completions {}", status: 200, answer: '{"n": 2}' }],
    ...more,
  });

export const functionalReport = (results: CaseResult[], more: Partial<FunctionalReport> = {}): FunctionalReport => ({
  ...{ schema: "pitwall.functional/1", suite: "openai", baseUrl: "http://127.0.0.1:8000", model: "tiny" },
  ...{ engineVersion: "0.32.0", simulated: false },
  ...{ startedAt: "2026-11-22T06:00:00.000Z", finishedAt: "2026-11-22T06:00:04.000Z" },
  capabilities: { supported: ["chat"], lacking: {} },
  summary: countsOf(results),
  flaky: results.filter(({ flaky }) => flaky).length,
  results,
  ...more,
});
