import { z } from "zod";
import { listOf } from "../../checked.ts";
import { type DatasetText, jsonLinesIn } from "../../json-lines.ts";
import { LARGEST_DATA_MIB, readPlain } from "../../plain-file.ts";
import { type PromptEntry, TOKENS } from "../prompts.ts";
import { checkWhole } from "../values.ts";

const Prompt = z.union(
  [
    z.string().min(1, "must not be empty"),
    listOf(z.int().min(0), 1),
    listOf(z.strictObject({ role: z.string().min(1), content: z.string() }), 1),
  ],
  {
    error: 'must be text, a list of token ids, or a list of messages like {"role": "user", "content": "…"}; not empty',
  },
);

// Strict: a mistyped key would silently give every request the default length.
const PromptLine = z.strictObject({
  prompt: Prompt,
  output_tokens: z.int().min(TOKENS.min).max(TOKENS.max).optional(),
});

/**
 * Prompts of one's own, one JSON object a line.
 * @param defaultOutputLen tokens asked for where a line doesn't say
 * @throws UserError naming file and line
 */
export async function readPromptLines(
  path: string,
  { defaultOutputLen }: { defaultOutputLen: number },
): Promise<PromptEntry[]> {
  checkWhole("the output length", defaultOutputLen, TOKENS);
  return promptsIn({ text: await readPlain(path, { largestMib: LARGEST_DATA_MIB }), path }, defaultOutputLen);
}

/** The same of a file that was read. */
export function promptsIn(file: DatasetText, defaultOutputLen: number): PromptEntry[] {
  return jsonLinesIn(file, PromptLine).map(({ prompt, output_tokens }) => ({
    prompt,
    inputTokens: isTokenIds(prompt) ? prompt.length : null,
    outputTokens: output_tokens ?? defaultOutputLen,
  }));
}

function isTokenIds(prompt: z.infer<typeof Prompt>): boolean {
  return typeof prompt !== "string" && typeof prompt[0] === "number";
}
