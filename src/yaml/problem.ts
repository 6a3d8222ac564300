import { firstOf, type Mistake, mistakeText } from "../mistakes.ts";
import type { Lines } from "./lines.ts";

/** One thing that is wrong with a file. */
export interface Problem {
  /** From 1; none of a file as a whole. */
  line?: number;
  text: string;
}

/** Mistakes of a document at their lines, in their order; the first hundred. */
export function atLines(mistakes: readonly Mistake[], lines: Pick<Lines, "lineOf">): Problem[] {
  const { shown, more } = firstOf(mistakes);
  const problems = shown
    .map((mistake) => ({ line: lines.lineOf(mistake.path), text: mistakeText(mistake) }))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return more === 0 ? problems : [...problems, { text: `${more} more mistakes` }];
}

/** As compilers write it, so that editors jump there. */
export const problemText = (file: string, { line, text }: Problem) =>
  line === undefined ? `${file}: ${text}` : `${file}:${line}: ${text}`;
