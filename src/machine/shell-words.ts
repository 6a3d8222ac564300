import { UserError } from "../errors.ts";

const WORD_PART = /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)|([^\s"'\\]+)|(\s+)|(.)/gs;

/** Splits as a POSIX shell does: quotes and backslashes honoured, nothing expanded. @throws UserError for a stray quote */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  for (const [, double, single, escaped, plain, space, stray] of line.matchAll(WORD_PART)) {
    if (stray !== undefined) throw new UserError(`has a ${stray} without its counterpart`);
    if (space === undefined)
      word = (word ?? "") + (double?.replaceAll(/\\(["\\])/g, "$1") ?? single ?? escaped ?? plain);
    else if (word !== undefined) words.push(word);
    if (space !== undefined) word = undefined;
  }
  return word === undefined ? words : [...words, word];
}
