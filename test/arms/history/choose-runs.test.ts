import { describe, expect, test } from "vitest";
import { chooseRuns } from "../../../src/arms/history/choose-runs.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { runOn, size } from "../../report/histories.ts";

const commitOf = (digit: string) => digit.repeat(40);
const night = (day: number, changes: { commit?: string; ref?: string; version?: string; image?: string } = {}): Run => {
  const run = runOn(day, [size(1, 1)]);
  const { commit = commitOf(String(day)), ref = "refs/heads/main", version = "0.32.0", image = null } = changes;
  return { ...run, trigger: { ...run.trigger, commit, ref }, engine: { ...run.engine, version, image } };
};

const runs = [
  night(1),
  night(2, { version: "0.33.0", image: "vllm/vllm-openai:v0.33.0" }),
  night(3, { version: "0.33.0" }),
  night(4, { ref: "refs/heads/faster" }),
  night(5, { ref: "refs/heads/faster" }),
  night(6, { ref: "refs/heads/faster", commit: commitOf("5") }),
  night(7, { ref: "refs/pull/7/merge", commit: commitOf("a") }),
];
const now = Date.parse("2026-11-08T00:00:00Z");
const days = (word: string) => chooseRuns(word, runs, now).map(({ startedAt }) => Number(startedAt.slice(8, 10)));

test.each<[string, number[]]>([
  [runs[1]!.id, [2]],
  [`run:${runs[1]!.id}`, [2]],
  ["3333", [3]],
  [commitOf("a").toUpperCase(), [7]],
  ["pull/7/merge", [7]],
  [commitOf("5"), [5, 6]],
  ["version:0.33.0", [2, 3]],
  ["0.33.0", [2, 3]],
  ["image:vllm/vllm-openai:v0.33.0", [2]],
  ["v0.33.0", [2]],
  ["2026-11-02..2026-11-04", [2, 3]],
  ["2026-11-02T00:00:00Z..2026-11-04", [2, 3]],
  ["5d..", [3, 4, 5, 6, 7]],
  ["..2026-11-02", [1]],
])("%s means the runs of these days", (word, expected) => {
  expect(days(word)).toEqual(expected);
});

test("a branch is its newest commit, by its short name or its long one", () => {
  expect(days("faster")).toEqual([5, 6]);
  expect(days("ref:refs/heads/main")).toEqual([3]);
});

describe("what is wrong with a word is said", () => {
  test.each([
    ["nothing is meant", "0.99", /no run of the history is meant by “0\.99”; a side is run:ID, commit:SHA, ref:NAME/],
    ["a kind without such runs", "version:7", /no run of the history is meant by “version:7”/],
    ["a window without runs", "2025-01-01..2025-02-01", /no run of the history began within/],
    ["a window that ends before it begins", "2026-11-04..2026-11-02", /ends before it begins/],
    ["a window with three ends", "2026-11-01..2026-11-02..2026-11-04", /must be FROM\.\.TO/],
    ["no moment", "yesterday..now", /must be FROM\.\.TO/],
  ])("%s", (_, word, message) => {
    expect(() => days(word)).toThrow(message);
  });

  test("a name that a branch and a version have, with other runs", () => {
    const twins = [night(1, { ref: "refs/heads/next" }), night(2, { version: "next" })];
    expect(() => chooseRuns("next", twins, now)).toThrow(
      /may be ref:next \(1 run\) or version:next \(1 run\): say which/,
    );
    expect(chooseRuns("version:next", twins, now)).toEqual([twins[1]]);
  });

  test("the beginning of two commits", () => {
    const twins = [night(1, { commit: `${"a".repeat(39)}1` }), night(2, { commit: `${"a".repeat(39)}2` })];
    expect(() => chooseRuns("aaaa", twins, now)).toThrow(/begins 2 commits of the history/);
  });

  test("a history without runs", () => {
    expect(() => chooseRuns("main", [], now)).toThrow(/the history has no runs yet/);
  });
});
