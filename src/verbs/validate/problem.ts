import { type Mistake, pathText } from "../../mistakes.ts";
import type { Lines } from "./lines.ts";

/** One thing that is wrong with a file. */
export interface Problem {
  /** From 1; none of a file as a whole. */
  line?: number;
  text: string;
}

/** Mistakes of a document at their lines, in their order. */
export function atLines(mistakes: readonly Mistake[], lines: Lines): Problem[] {
  return mistakes
    .map(({ path, text }) => ({
      line: lines.lineOf(path),
      text: path.length === 0 ? text : `${pathText(path)}: ${text}`,
    }))
    .toSorted((a, b) => a.line - b.line);
}

/** As compilers write it, so that editors jump there. */
export const problemText = (file: string, { line, text }: Problem) =>
  line === undefined ? `${file}: ${text}` : `${file}:${line}: ${text}`;
