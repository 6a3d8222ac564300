import { describe, expect, test } from "vitest";
import { areOther, comparedAnswers } from "../../../../src/arms/commits/judge/answers.ts";

const answers = (other: number) =>
  Array.from({ length: 32 }, (_, index) => (index < other ? `other ${index}` : `same ${index}`));
const isOther = (ofBase: number, ofArm: number) =>
  areOther(comparedAnswers([answers(0), answers(ofBase)], answers(ofArm)));

describe("a build answers otherwise than its base", () => {
  test.each([
    [0, 0, false],
    [0, 3, false],
    [0, 10, true],
    [5, 5, false],
    [5, 12, false],
    [5, 25, true],
    [32, 32, false],
  ])("where two starts of the base differ in %d of 32 answers and it in %d: %s", (ofBase, ofArm, expected) => {
    expect(isOther(ofBase, ofArm)).toBe(expected);
  });
});

test("answers are counted question by question", () => {
  expect(
    comparedAnswers(
      [
        ["a", "b"],
        ["a", "x"],
      ],
      ["b", "b"],
    ),
  ).toEqual({ questions: 2, differ: 1, differOfBase: 1 });
});
