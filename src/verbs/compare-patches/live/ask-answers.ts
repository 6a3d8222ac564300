import { z } from "zod";
import { postJson } from "../../../engine/server/page.ts";
import { parseJson } from "../../../files.ts";

const ANSWER_TOKENS = 32;
const ANSWER_WITHIN_MS = 120_000;
const Completion = z.object({ choices: z.array(z.object({ text: z.string() })).min(1) });

/** Sums of different sizes: short prompts that any model goes on from in a way of its own. */
const QUESTIONS = Array.from({ length: 32 }, (_, index) => {
  const [one, other] = [17 * index + 3, 29 * index + 11];
  return `Question ${index + 1}: what is ${one} plus ${other}? Answer step by step:`;
});

/** Asks an engine the same questions greedily, one at a time. @throws UserError where it does not answer */
export async function askAnswers(
  { baseUrl, model }: { baseUrl: string; model: string },
  name: string,
  signal: AbortSignal,
): Promise<string[]> {
  const answers: string[] = [];
  for (const prompt of QUESTIONS) {
    const body = { model, prompt, max_tokens: ANSWER_TOKENS, temperature: 0, seed: 0 };
    const { text } = await postJson(`${baseUrl}/v1/completions`, body, { signal, limitMs: ANSWER_WITHIN_MS });
    answers.push(parseJson(text, Completion, `the answer of ${name}`).choices[0]!.text);
  }
  return answers;
}
