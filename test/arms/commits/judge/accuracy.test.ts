import { expect, test } from "vitest";
import { type Accuracy, accuracyText } from "../../../../src/arms/commits/judge/accuracy.ts";

const lost: Accuracy = {
  ...{ verdict: "accuracy_lost", samples: 72, unanswered: 0, correct: 55, correctOfBase: 64 },
  ...{ lost: 9, gained: 0, p: 0.00390625 },
};

test.each([
  [lost, "accuracy_lost: 9 of 72 samples that the base answers right are wrong, 0 the other way round (p = 0.0039)"],
  [
    { ...lost, verdict: "no_difference_shown", correct: 63, lost: 2, gained: 1, p: 1 },
    "no change of accuracy shown: 63 of 72 samples right, of the base 64",
  ],
  [{ ...lost, verdict: "base_too_weak", correctOfBase: 3 }, "accuracy unknown: the base answers 3 of 72 samples right"],
  [{ ...lost, verdict: "incomplete", unanswered: 4 }, "accuracy unknown: 4 of 72 samples have no answer"],
] as const)("%j is said in a sentence", (accuracy, text) => {
  expect(accuracyText(accuracy)).toBe(text);
});
