import { encodeText, isKnownId } from "../text/pseudo-tokens.ts";
import { badRequest } from "./api-error.ts";
import { invalid, type Model } from "./body.ts";
import type { CommonFields } from "./common-fields.ts";
import { either, type Issue, int, listOf, text } from "./fields.ts";

export interface Prompt {
  tokens: readonly number[];
  /** Empty when it came as token ids. */
  text: string;
}

const MOST_PROMPTS = 1024;

/** Each prompt: text, token ids, or a list of either. @throws ApiError in vLLM's wording */
export function promptsOf(prompt: unknown): Prompt[] {
  if (prompt === undefined || prompt === null || prompt === "") {
    throw badRequest("Either prompt or prompt_embeds must be provided and non-empty.", "prompt", null);
  }
  if (!Array.isArray(prompt)) return [promptOf(prompt)];
  if (prompt.length === 0) throw badRequest("You must pass at least one prompt");
  if (typeof prompt[0] === "number") return [promptOf(prompt)];
  if (prompt.length > MOST_PROMPTS) {
    const hint = "To increase this limit, set the VLLM_MAX_COMPLETION_PROMPTS environment variable.";
    const message = `prompt list length ${prompt.length} exceeds the maximum allowed count of ${MOST_PROMPTS}. ${hint}`;
    throw badRequest(message, "prompt", null);
  }
  const isLists = Array.isArray(prompt[0]);
  if (prompt.some((one) => Array.isArray(one) !== isLists)) throw mistakesIn(prompt);
  return prompt.map(promptOf);
}

function promptOf(prompt: unknown): Prompt {
  if (prompt === "" || (Array.isArray(prompt) && prompt.length === 0)) {
    throw badRequest("The decoder prompt cannot be empty");
  }
  if (typeof prompt === "string") return { tokens: encodeText(prompt), text: prompt };
  if (!Array.isArray(prompt) || !prompt.every(isCount)) throw mistakesIn(prompt);
  const unknown = prompt.find((id) => !isKnownId(id));
  if (unknown === undefined) return { tokens: prompt, text: "" };
  throw badRequest(`Token id ${unknown} is out of vocabulary`);
}

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

function mistakesIn(prompt: unknown) {
  const issues: Issue[] = [];
  either(listOf(int({ min: 0 })), text)(prompt, "body.prompt", issues);
  return invalid(issues);
}

/** The prompt as far as the request wants it. */
export function truncated(prompt: Prompt, body: CommonFields, { maxModelLen }: Model): Prompt {
  const most = body.truncate_prompt_tokens ?? null;
  if (most === null) return prompt;
  if (most > maxModelLen) {
    const message = `truncate_prompt_tokens=${most} cannot be greater than max_model_len = ${maxModelLen}. Please request a smaller truncation size.`;
    throw badRequest(message, "truncate_prompt_tokens", most);
  }
  if (most === 0) throw badRequest("The decoder prompt cannot be empty");
  const { tokens } = prompt;
  const count = most === -1 ? maxModelLen : most;
  return { ...prompt, tokens: body.truncation_side === "right" ? tokens.slice(0, count) : tokens.slice(-count) };
}

/**
 * How many tokens an answer may have: what is left of the context, where the request does not want less.
 * @param name of the parameter that says how many are wanted
 */
export function outputBudget(tokens: number, wanted: number | null, name: string, { maxModelLen }: Model): number {
  if (wanted !== null && wanted > maxModelLen) {
    const message = `${name}=${wanted} cannot be greater than max_model_len=${maxModelLen}. Please request fewer output tokens.`;
    throw badRequest(message, name, wanted);
  }
  if (tokens > maxModelLen) {
    const message = `This model's maximum context length is ${maxModelLen} tokens. However, your prompt contains ${tokens} input tokens, which exceeds this limit even without any output tokens. Please reduce the length of the input prompt.`;
    throw badRequest(message, "input_tokens", tokens);
  }
  const left = maxModelLen - tokens;
  return Math.min(left, wanted ?? left);
}
