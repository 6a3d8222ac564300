import { expect, test } from "vitest";
import { Matrix, scenariosOf, stagesOf } from "../../src/scenario/matrix.ts";

const matrix = Matrix.parse({
  a: {
    pr: { functional: true, perf: false, accuracy: false },
    daily: { functional: "all", perf: true, accuracy: true },
  },
  b: { daily: { perf: true, functional: ["chat.tools"] } },
});

test("a scenario has the stages that its run type switches on", () => {
  expect(stagesOf(matrix, "a", "pr")).toEqual({ functional: true, perf: false, accuracy: false });
});

test("a list of cases is kept", () => {
  expect(stagesOf(matrix, "b", "daily")).toEqual({ functional: ["chat.tools"], perf: true, accuracy: false });
});

test("a scenario that the matrix does not know has all stages", () => {
  expect(stagesOf(matrix, "c", "pr")).toEqual({ functional: true, perf: true, accuracy: true });
});

test("a run type runs the scenarios that name it, in their order", () => {
  expect([scenariosOf(matrix, "pr"), scenariosOf(matrix, "daily")]).toEqual([["a"], ["a", "b"]]);
});

test("a misspelt switch is an error", () => {
  expect(Matrix.safeParse({ a: { pr: { performance: true } } }).success).toBe(false);
});

test("a list without cases is a mistake: false is what asks none", () => {
  expect(Matrix.safeParse({ a: { pr: { functional: [] } } }).success).toBe(false);
});
