import type { Matching, Sample } from "../sample.ts";
import { choiceNamed } from "./choice-named.ts";
import { finalAnswer } from "./final-answer.ts";
import { isSame } from "./is-same.ts";

/** What an answer came to. */
export interface Grade {
  correct: boolean;
  /** The part of the answer that was taken for the final one. */
  taken: string;
  /** The final answer names none of the choices of several, or could name two. */
  namesNoChoice?: true;
}

/**
 * Right is what equals a right text, or names the right choice by its letter or its text; only the {@link finalAnswer} is
 * looked at, or the whole text where white space counts (`strip: false`).
 */
export function grade(sample: Sample, text: string, matching: Matching): Grade {
  const taken = matching.strip ? finalAnswer(text) : text;
  const { choices, rightChoice, answers } = sample;
  const isRightText = answers.some((answer) => isSame(answer, taken, matching));
  if (rightChoice === undefined || isRightText) return { correct: isRightText, taken };
  const chosen = choiceNamed(taken, choices, matching);
  if (chosen === undefined) return { correct: false, taken, namesNoChoice: true };
  return { correct: chosen === rightChoice, taken };
}
