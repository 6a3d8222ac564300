import { expect, test } from "vitest";
import { failureLines } from "../../../src/report/text/failure-lines.ts";

const cells = (count: number, reason: string, detail = (_i: number) => "it died") =>
  Array.from({ length: count }, (_, i) => ({
    what: "cell" as const,
    name: `${reason}/${i}`,
    reason,
    detail: detail(i),
  }));

test("one cause is one line, with the name of a lone cell", () => {
  expect(failureLines([...cells(38, "startup_timeout"), ...cells(1, "engine_crashed")], 5)).toEqual([
    "38 cells: startup_timeout: it died",
    "engine_crashed/0: engine_crashed: it died",
  ]);
});

test("as many causes as lines are told each", () => {
  expect(
    failureLines(
      cells(2, "engine_crashed", (i) => `exit ${i}`),
      2,
    ),
  ).toEqual(["engine_crashed/0: engine_crashed: exit 0", "engine_crashed/1: engine_crashed: exit 1"]);
});

test("as many classes as lines are told each", () => {
  const failures = ["a", "b"].flatMap((reason) => cells(2, reason, (i) => `${reason} ${i}`));
  expect(failureLines(failures, 2)).toEqual([
    "2 cells: a: a 0 (a/0; 1 other cause of this class: see the summary)",
    "2 cells: b: b 0 (b/0; 1 other cause of this class: see the summary)",
  ]);
});

test("more causes than lines are told by class, with the first of each", () => {
  const failures = [...cells(30, "engine_crashed", (i) => `exit ${i}`), ...cells(2, "client_failed")];
  expect(failureLines(failures, 5)).toEqual([
    "30 cells: engine_crashed: exit 0 (engine_crashed/0; 29 other causes of this class: see the summary)",
    "2 cells: client_failed: it died",
  ]);
});

test("more classes than lines end with how many are left", () => {
  const failures = ["a", "b", "c", "d"].flatMap((reason) => cells(2, reason, (i) => `${reason} ${i}`));
  const lines = failureLines(failures, 3);
  expect(lines).toHaveLength(3);
  expect(lines.at(-1)).toBe("4 cells more: see the summary");
});

test("no failure is no line", () => {
  expect(failureLines([], 5)).toEqual([]);
});
