import { firstOf, type Mistake, mistakeText } from "../../mistakes.ts";
import type { Lines } from "./lines.ts";

/** One thing that is wrong with a file. */
export interface Problem {
  /** From 1; none of a file as a whole. */
  line?: number;
  text: string;
}

/** Mistakes of a document at their lines, in their order; the first hundred. @param lines undefined: nobody looks for them */
export function atLines(mistakes: readonly Mistake[], lines: Lines | undefined): Problem[] {
  const { shown, more } = firstOf(mistakes);
  const problems = shown
    .map((mistake) => ({ ...lineIn(lines, mistake), text: mistakeText(mistake) }))
    .toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
  return more === 0 ? problems : [...problems, { text: `${more} more mistakes` }];
}

const lineIn = (lines: Lines | undefined, { path }: Mistake): Pick<Problem, "line"> =>
  lines === undefined ? {} : { line: lines.lineOf(path) };

/** As compilers write it, so that editors jump there. */
export const problemText = (file: string, { line, text }: Problem) =>
  line === undefined ? `${file}: ${text}` : `${file}:${line}: ${text}`;
