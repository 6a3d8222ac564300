import { expect, test } from "vitest";
import { functionalMarkdown } from "../../../src/functional/report/markdown.ts";
import { deviating, functionalReport, result } from "../../support/functional-report.ts";

const report = functionalReport(
  [
    result("chat.one"),
    deviating("chat.should", { severity: "should" }),
    deviating("chat.must", { reason: "has <b>html</b>" }),
    result("chat.shaky", { flaky: true, reason: "must be 1" }),
  ],
  { capabilities: { supported: [], lacking: { tokenize: "HTTP 404: no" } } },
);

test("a summary has counts, deviations with request and answer, musts first, what is flaky and what is missing", () => {
  const { source } = functionalMarkdown(report, { history: new Map([["chat.must", "deviates since R"]]) });
  expect(source).toContain("| all | 2 | 2 | 0 | 0 |");
  expect(source.indexOf("`chat.must`")).toBeLessThan(source.indexOf("`chat.should`"));
  expect(source).toContain("has &lt;b>html&lt;/b> (deviates since R)");
  expect(source).toContain('POST /v1/chat/completions {}\n→ 200 {"n": 2}');
  expect(source).toMatch(/Flaky.*\n\n?- `chat\.shaky`: must be 1/);
  expect(source).toContain("- `tokenize`: HTTP 404: no");
});

test("a summary says of a simulated engine that it is one, and of a dead server that it died", () => {
  const { source } = functionalMarkdown({ ...report, simulated: true, died: "since chat.one" });
  expect(source).toContain("Simulated: no real engine answered.");
  expect(source).toContain("**The server died**: since chat.one");
});
