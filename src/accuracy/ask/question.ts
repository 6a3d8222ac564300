import { letterOf } from "../grade/choice-named.ts";
import type { Sample } from "../sample.ts";

/** How samples are asked; all of it can change a score. */
export interface Asking {
  endpoint: "chat" | "completions";
  model: string;
  temperature: number;
  seed: number;
  maxTokens: number;
}

export const PATHS = { chat: "/v1/chat/completions", completions: "/v1/completions" } as const;

/** The body of a sample's request. Pure. */
export function questionOf(sample: Sample, { endpoint, model, temperature, seed, maxTokens }: Asking): object {
  const settings = { model, temperature, seed, max_tokens: maxTokens };
  const text = promptOf(sample);
  if (endpoint === "chat") return { ...settings, messages: [{ role: "user", content: text }] };
  return { ...settings, prompt: `${text}\nAnswer:` };
}

/** The question as it is; of a multiple choice with a letter before each choice, and what to answer with. */
function promptOf({ question, choices }: Sample): string {
  if (choices.length === 0) return question;
  const listed = choices.map((choice, place) => `${letterOf(place)}. ${choice}`);
  return [question, "", ...listed, "", "Answer with the letter of the right choice only."].join("\n");
}
