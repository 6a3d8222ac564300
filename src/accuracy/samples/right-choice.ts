import { placeOf } from "../grade/choice-named.ts";

type Given = string | number | boolean | (string | number | boolean)[];

/**
 * Which choice a field says is right. `answer_idx` and `label` are a place, counted from 0, or a letter; `answer` and `gt` the text
 * of a choice, else a place or a letter. A number that is the text of one choice and the place of another is not guessed at.
 * @returns its place, or what is wrong, as a sentence
 */
export function rightChoiceOf(field: string, given: Given, choices: readonly string[]): number | string {
  if (Array.isArray(given)) return "must be one answer: of a multiple choice one is right";
  const byPlace = placeIn(given, choices.length);
  if (field === "answer_idx" || field === "label") return byPlace ?? noPlace(given, choices.length);
  const byText = choices.findIndex((choice) => choice.trim() === String(given).trim());
  if (byText < 0) return byPlace ?? `is none of the choices, nor the letter or place of one: ${JSON.stringify(given)}`;
  if (typeof given === "number" && byPlace !== undefined && byPlace !== byText) {
    return `may mean the choice “${given}” or the one at place ${given}, counted from 0: write its letter as answer_idx`;
  }
  return byText;
}

function placeIn(given: string | number | boolean, count: number): number | undefined {
  const text = String(given).trim();
  const place = /^[A-Za-z]$/.test(text) ? placeOf(text) : /^\d{1,2}$/.test(text) ? Number(text) : undefined;
  return place !== undefined && place < count ? place : undefined;
}

const noPlace = (given: unknown, count: number) =>
  `must be a place from 0 to ${count - 1}, or its letter (got ${JSON.stringify(given)})`;
