import { chooseWords, type Taste } from "../text/choose-words.ts";
import { type Form, textOfForm } from "../text/form/forms.ts";
import { piecesOfText } from "../text/pseudo-tokens.ts";
import { savedAnswer } from "../text/saved-answers.ts";
import type { Script } from "../text/script.ts";
import { type Draft, type Limits, writeScript } from "../text/write-script.ts";
import type { Model } from "./body.ts";
import { biasOf, checkSampling } from "./check/check-sampling.ts";
import type { CommonFields } from "./common-fields.ts";
import { outputBudget, type Prompt } from "./prompts.ts";

export type Endpoint = "completions" | "chat";

/** One answer to one prompt. */
export interface Choice {
  prompt: readonly number[];
  script: Script;
}

/** Probabilities that are wanted beside each token. */
export interface LogprobsWish {
  /** How many of the most probable tokens it shows. */
  top: number;
  /** Tokens as `token_id:N`. */
  asIds: boolean;
}

/** What is left of a request once its text is tokens and its answer is known. */
export interface GenerationRequest {
  endpoint: Endpoint;
  model: string;
  /** What the client calls it. */
  id: string | null;
  /** In order of their index: all answers to the first prompt first. */
  choices: Choice[];
  /** Tokens of the prompts, each counted once however many answers it gets. */
  promptTokens: number;
  stream: boolean;
  includeUsage: boolean;
  continuousUsage: boolean;
  tokenIds: boolean;
  logprobs: LogprobsWish | null;
  /** Probabilities of so many tokens at each token of the prompt. */
  promptLogprobs: number | null;
  /** What answers of completions begin with: the text of each choice's prompt. */
  echo: readonly string[] | null;
  chat: ChatAnswer;
}

/** What only answers of chat have. */
export interface ChatAnswer {
  role: string;
  /** What a message holds that calls tools or nothing. */
  emptyContent: "" | null;
  /** Words of reasoning, which begin with the second token of an answer; null when it does not reason. */
  reasoningWords: number | null;
  promptText: string | null;
  echo: string;
}

export const NO_CHAT: ChatAnswer = { role: "", emptyContent: "", reasoningWords: null, promptText: null, echo: "" };

/** What an answer says before its words. */
export type Speech = Omit<Draft, "words">;

/** The text that a prompt is bound to or has been promised; else words without end. */
export function speechOf(form: Form | null, prompt: string, { answers }: Model): Speech {
  if (form !== null) return { tokens: piecesOfText(textOfForm(form)), ends: "strictly", finish: "stop" };
  const answer = prompt === "" ? undefined : savedAnswer(answers, prompt);
  return {
    tokens: answer === undefined ? [] : piecesOfText(answer),
    ends: answer === undefined ? "never" : "freely",
    finish: "stop",
  };
}

interface Wish {
  body: CommonFields;
  prompt: Prompt;
  /** Tokens wanted, and the parameter that says so. */
  wanted: number | null;
  wantedBy: string;
  multibyte: boolean;
  model: Model;
  /** Called for each answer. */
  speak: () => Speech;
}

/** All answers to a prompt. @throws ApiError */
export function choicesOf({ body, prompt, wanted, wantedBy, multibyte, model, speak }: Wish): Choice[] {
  const maxTokens = outputBudget(prompt.tokens.length, wanted, wantedBy, model);
  checkSampling(body, maxTokens);
  const limits = limitsOf(body, maxTokens);
  const taste = tasteOf(body, multibyte);
  return Array.from({ length: body.n ?? 1 }, (_, choice) => {
    const draft = { ...speak(), words: chooseWords(taste, choice, maxTokens) };
    return { prompt: prompt.tokens, script: writeScript(draft, limits) };
  });
}

function limitsOf(body: CommonFields, maxTokens: number): Limits {
  return {
    maxTokens,
    minTokens: body.min_tokens ?? 0,
    ignoreEos: body.ignore_eos ?? false,
    stop: body.stop === null || body.stop === undefined ? [] : [body.stop].flat(),
    showStop: body.include_stop_str_in_output ?? false,
    stopIds: new Set(body.stop_token_ids),
  };
}

function tasteOf(body: CommonFields, multibyte: boolean): Taste {
  const seed = body.seed ?? null;
  return {
    multibyte,
    // vLLM takes −1 for none.
    seed: seed === -1 || body.temperature === 0 ? null : seed,
    bias: biasOf(body),
    allowedIds: body.allowed_token_ids ?? null,
    badWords: body.bad_words ?? [],
  };
}

/** What both endpoints ask for alike. */
export function commonParts(body: CommonFields, model: Model) {
  const includeUsage = body.stream_options?.include_usage ?? false;
  return {
    model: model.name,
    id: body.request_id ?? null,
    stream: body.stream ?? false,
    includeUsage,
    continuousUsage: includeUsage && (body.stream_options?.continuous_usage_stats ?? false),
    tokenIds: body.return_token_ids ?? false,
  };
}
