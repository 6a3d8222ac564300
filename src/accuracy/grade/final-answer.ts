/** A line that says it itself: `Answer: 42`, `The answer is B`, `Final answer: 42`. */
const MARKED = /^(?:the )?(?:final )?answer(?: is:?|:)[ \t]+(\S.*)$/i;

/**
 * The part of an answer that is graded, without white space around it: what stands behind the last `Answer:` (or `The answer
 * is`) at the beginning of a line, else the first line that is not empty. Markdown's bold and code marks are taken off. Pure.
 */
export function finalAnswer(text: string): string {
  const lines = text.split(/[\r\n]+/).map(withoutMarks);
  const marked = lines.flatMap((line) => MARKED.exec(line)?.[1] ?? []);
  return withoutMarks(marked.at(-1) ?? lines.find((line) => line !== "") ?? "");
}

/** Bold anywhere, code around the whole, and what makes a line a heading or a quotation. */
function withoutMarks(line: string): string {
  const bare = line
    .replaceAll("**", "")
    .replace(/^[\s#>]+/, "")
    .trimEnd();
  const isCode = bare.length > 2 && bare.startsWith("`") && bare.endsWith("`");
  return isCode ? bare.slice(1, -1).trim() : bare;
}
