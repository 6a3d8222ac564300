import { z } from "zod";
import { jsonLinesIn } from "../../json-lines.ts";
import { readPlain } from "../../plain-file.ts";

const SavedAnswer = z.strictObject({ contains: z.string().min(1), answer: z.string() });
export type SavedAnswers = readonly z.infer<typeof SavedAnswer>[];

/**
 * Reads the file of `--answers`: a JSON object a line, `{"contains": TEXT, "answer": TEXT}`.
 * @throws UserError naming file and line
 */
export async function readAnswers(path: string): Promise<SavedAnswers> {
  const name = `--answers: ${path}`;
  return jsonLinesIn({ text: await readPlain(path, { name }), path: name }, SavedAnswer);
}

/** An order to repeat something, up to the end of its line. */
const REPLY_EXACTLY = /\breply with exactly: *([^\n]*)/i;

/**
 * What a prompt is answered with when somebody has said so: the answer whose text occurs last in it, for the examples of
 * a prompt come before its question; else what it asks to be repeated. Undefined when nobody has.
 */
export function savedAnswer(answers: SavedAnswers, prompt: string): string | undefined {
  let [last, found] = [-1, undefined as string | undefined];
  for (const { contains, answer } of answers) {
    const start = prompt.lastIndexOf(contains);
    const end = start === -1 ? -1 : start + contains.length;
    if (end > last) [last, found] = [end, answer];
  }
  return found ?? REPLY_EXACTLY.exec(prompt)?.[1]?.trim();
}
