import { expect, test } from "vitest";
import { validityOf } from "../../../src/evaluate/grade/controls.ts";
import { gradeWithoutTests } from "../../../src/evaluate/grade/status.ts";

const [resolved, unresolved] = [gradeWithoutTests("resolved", ""), gradeWithoutTests("unresolved", "")];

test("an instance is valid here when its own patch resolves it and an empty one does not", () => {
  expect(validityOf(resolved, unresolved)).toEqual({ isValid: true });
  expect(validityOf(resolved, undefined)).toEqual({ isValid: true });
});

test.each([
  [
    "its own patch does not",
    gradeWithoutTests("timeout", "stopped after 5 s"),
    unresolved,
    /gold patch .*: timeout, stopped/,
  ],
  ["an empty patch does too", resolved, resolved, /an empty patch resolves it too/],
  [
    "an empty patch could not be tried",
    resolved,
    gradeWithoutTests("error", "it crashed"),
    /could not be tried: error, it/,
  ],
] as const)("it is not when %s, and the reason is told", (_what, gold, empty, why) =>
  expect(validityOf(gold, empty)).toEqual({ isValid: false, why: expect.stringMatching(why) }),
);
