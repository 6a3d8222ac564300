import { describe, expect, test } from "vitest";
import type { SampleOutcome } from "../../../../src/accuracy/score-samples.ts";
import { accuracyBeside } from "../../../../src/verbs/compare-patches/live/ask-accuracy.ts";

/** `+` is a right answer, `-` a wrong one and `?` none. */
const outcomes = (signs: string): SampleOutcome[] =>
  [...signs].map((sign, place) => {
    const id = String(place);
    if (sign === "?") return { id, kind: "unanswered", why: "timeout", detail: "no answer within 120 s" };
    return { id, kind: sign === "+" ? "correct" : "wrong", text: "", taken: "" };
  });
const beside = (base: string, build: string) => accuracyBeside(outcomes(base), outcomes(build));

describe("a build beside its base", () => {
  test("has lost accuracy where it answers six samples wrong that the base answers right, and none the other way", () => {
    expect(beside("++++++++--", "++--------")).toEqual({
      ...{ verdict: "accuracy_lost", samples: 10, unanswered: 0, correct: 2, correctOfBase: 8 },
      ...{ lost: 6, gained: 0, p: expect.closeTo(0.03125, 9) },
    });
  });

  test("has gained it the other way round", () => {
    expect(beside("++------", "++++++++").verdict).toBe("accuracy_gained");
  });

  test("has done neither where as many are lost as gained", () => {
    const { verdict, lost, gained } = beside("++++++++--", "++++++--++");
    expect([verdict, lost, gained]).toEqual(["no_difference_shown", 2, 2]);
  });

  test("cannot be seen to lose any where the base has so few right", () => {
    expect(beside("+++++-----", "----------").verdict).toBe("base_too_weak");
  });

  test("is not judged where one of the two left samples without an answer, not even by the others", () => {
    expect(beside("++++++++", "?-------")).toMatchObject({ verdict: "incomplete", unanswered: 1, lost: 7 });
    expect(beside("????????", "++++++++")).toMatchObject({ verdict: "incomplete", unanswered: 8 });
  });
});
