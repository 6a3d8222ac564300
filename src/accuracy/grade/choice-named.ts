import type { Matching } from "../sample.ts";
import { isSame } from "./is-same.ts";

/** `B` alone, or `B.`, `B)`, `B:` and `(B)` with anything behind it: “A man” is no letter. */
const LETTER = /^(?:\(([A-Z])\)|([A-Z])(?:$|[.):](?=$|\s)))(.*)$/is;

/**
 * The choice that a text names: by its own text, or by its letter. A letter before the text of another choice names neither.
 * @returns its place; undefined where the text names none, or could name two
 */
export function choiceNamed(text: string, choices: readonly string[], matching: Matching): number | undefined {
  const byText = placesOf(text, choices, matching);
  if (byText.length > 0) return byText.length === 1 ? byText[0] : undefined;
  const [, inBrackets, bare, rest = ""] = LETTER.exec(text.trim()) ?? [];
  const letter = inBrackets ?? bare;
  if (letter === undefined) return undefined;
  const place = placeOf(letter);
  const others = placesOf(rest, choices, matching).filter((one) => one !== place);
  return place < choices.length && others.length === 0 ? place : undefined;
}

function placesOf(text: string, choices: readonly string[], matching: Matching): number[] {
  return [...choices.keys()].filter((place) => isSame(choices[place]!, text, matching));
}

/** A is 0. */
export const placeOf = (letter: string) => letter.toUpperCase().charCodeAt(0) - "A".charCodeAt(0);
export const letterOf = (place: number) => String.fromCharCode("A".charCodeAt(0) + place);
/** As many as there are letters. */
export const MOST_CHOICES = 26;
