import { describe, expect, test } from "vitest";
import type { Evidence } from "../../../src/evaluate/evidence.ts";
import { gradeAll } from "../../../src/evaluate/results/graded.ts";
import { htmlReport } from "../../../src/evaluate/results/html-report.ts";
import { benchmarkResults, infraGymResult } from "../../../src/evaluate/results/infra-gym.ts";
import { markdownReport } from "../../../src/evaluate/results/markdown-report.ts";
import { seedLines, summaryOf } from "../../../src/evaluate/results/summary.ts";
import { phases, ran } from "../../support/phase-runs.ts";
import { askedFor, savedEvidence } from "../../support/saved-evidence.ts";

const [X, Y] = ["tests/test_a.py::test_x", "tests/test_a.py::test_y"];
const base = ran({ [X]: "failed", [Y]: "passed" });
const mended = phases(base, ran({ [X]: "passed", [Y]: "passed" }));
const same = phases(base, base);
const timeout = phases(base, { end: { kind: "timeout", seconds: 9 }, seconds: 9 });

function evaluated(asked: ReturnType<typeof askedFor>, evidence: Record<string, Record<string, Evidence>>) {
  return gradeAll(asked, (candidate, instance) => {
    const own = evidence[candidate]?.[instance];
    return own && savedEvidence(candidate, instance, own);
  });
}

const GROUPS = { a: {}, b: {}, c: { version: "0.6.0", environment: { category: "gpu_model" } } };

describe("a report", () => {
  const one = evaluated(askedFor({ entries: GROUPS }), { gold: { a: mended, b: timeout } });
  const { candidates } = summaryOf(one);
  const [gold] = candidates;

  test("is over all instances that were asked for: one without a result is not left out", () => {
    expect(gold?.all).toMatchObject({ asked: 3, valid: 3, resolved: 1, passing: 1 });
    expect(gold?.all.statuses).toMatchObject({ resolved: 1, timeout: 1, error: 1 });
    expect(Object.values(gold!.all.statuses).reduce((sum, count) => sum + count)).toBe(3);
  });

  test("ends with the lines that infra-gym's own script prints", () =>
    expect(seedLines(gold!.all)).toEqual(["Total instances evaluated: 3", "All tests passing: 1/3 (33.3%)"]));

  test("has groups and categories that add up to it", () => {
    expect(gold?.groups).toMatchObject([
      { name: "other", asked: 1, resolved: 0 },
      { name: "v0.5", asked: 2, resolved: 1 },
    ]);
    expect(gold?.categories.map(({ name, asked }) => [name, asked])).toEqual([
      ["gpu_model", 1],
      ["unit_cpu", 2],
    ]);
  });

  test("has sums for each instance, and zeros where there is no report", () =>
    expect(benchmarkResults(one.results)).toEqual({
      a: { tests: 2, failures: 0, errors: 0, skipped: 0, time: 0, passed: 2, status: "resolved" },
      b: { tests: 0, failures: 0, errors: 0, skipped: 0, time: 0, passed: 0, status: "timeout" },
      c: { tests: 0, failures: 0, errors: 0, skipped: 0, time: 0, passed: 0, status: "error" },
    }));

  test("of no instances has no number where one would be divided by nothing", () =>
    expect(seedLines({ ...gold!.all, asked: 0, passing: 0 })[1]).toBe("All tests passing: 0/0 (–)"));
});

test("result.json has infra-gym's fields, with the moments of both phases", () => {
  const [result] = evaluated(askedFor({ entries: { a: {} } }), { gold: { a: mended } }).results;
  const start = Date.parse("2026-01-01T00:00:00Z") / 1000;
  expect(infraGymResult(result!)).toEqual({
    ...{ instance_id: "a", version: "0.5.4", base_commit: "a".repeat(40) },
    phase1: { passed: [Y], failed: [X], errors: [], skipped: [] },
    phase2: { passed: [X, Y], failed: [], errors: [], skipped: [] },
    ...{ FAIL_TO_PASS: [X], PASS_TO_PASS: [Y], status: "success", error_message: "", regressions: [], both_failed: [] },
    timestamps: {
      ...{ start, phase1_start: start + 3, phase1_end: start + 5, phase2_start: start + 5, phase2_end: start + 8 },
      end: start + 8,
    },
  });
});

describe("models", () => {
  const models = { "m-1": { a: "diff", b: "diff" }, "m|2": { a: "diff" } };
  const evidence = { gold: { a: mended, b: mended }, "m-1": { a: mended, b: same }, "m|2": { a: mended } };
  const both = evaluated(askedFor({ entries: { a: {}, b: {} }, models }), evidence);
  const summary = summaryOf(both);

  test("stand side by side, and what one has no patch for is not resolved", () => {
    expect(summary.candidates.map(({ model, all }) => [model, all.resolved, all.asked])).toEqual([
      ["m-1", 1, 2],
      ["m|2", 1, 2],
    ]);
    const [, , , , , missing] = both.results;
    expect(missing?.grade).toMatchObject({ status: "unresolved", detail: "the model has no patch for it" });
    expect(markdownReport(both, summary).source).toContain("| m\\|2 | 1/2 | 1/2 |");
  });

  test("are graded by the gold patch's lists, and not at all where there are none", () => {
    const without = evaluated(askedFor({ entries: { a: {} }, models }), { "m-1": { a: mended } });
    expect(without.results[1]?.grade).toMatchObject({
      status: "error",
      detail: expect.stringMatching(/no run of the gold patch/),
    });
  });
});

test("an instance whose controls do not hold is out of the denominator, and both denominators are shown", () => {
  const asked = askedFor({
    entries: { a: {}, b: {}, c: {} },
    models: { m: { a: "d", b: "d", c: "d" } },
    controls: true,
  });
  const all = evaluated(asked, {
    gold: { a: mended, b: same, c: mended },
    empty: { a: same, b: same, c: mended },
    m: { a: mended, b: mended, c: mended },
  });
  const summary = summaryOf(all);
  expect(summary.notValid).toEqual([
    { id: "b", why: expect.stringContaining("the gold patch does not resolve it") },
    { id: "c", why: "an empty patch resolves it too" },
  ]);
  expect(summary.candidates[0]?.all).toMatchObject({ asked: 3, valid: 1, resolved: 1 });
  expect(markdownReport(all, summary).source).toContain(
    "Resolved: **1 of 1** (100.0%); 3 were asked for, 2 are not valid here",
  );
});

test("texts of others are texts in both reports", () => {
  const hostile = {
    kind: "patch_failed",
    which: "candidate",
    detail: '<script>x</script> @someone "q" | [a](b)',
  } as const;
  const one = evaluated(askedFor({ entries: { a: {} } }), { gold: { a: hostile } });
  const page = htmlReport(one, summaryOf(one)).source;
  expect(page).toContain("&#60;script&#62;x&#60;/script&#62;");
  expect(page).not.toMatch(/<script|https?:/);
  const text = markdownReport(one, summaryOf(one)).source;
  expect(text).toContain("\\|");
  expect(text).not.toMatch(/<script|@someone/);
});
