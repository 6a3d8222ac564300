import { z } from "zod";
import { piecesOfText } from "../text/pseudo-tokens.ts";
import { savedAnswer } from "../text/saved-answers.ts";
import type { Script } from "../text/script.ts";
import { wordsOf } from "../text/words.ts";
import { writeScript } from "../text/write-script.ts";
import { badRequest } from "./api-error.ts";
import { type Model, parseBody } from "./body.ts";
import { Messages, type Prompt, promptOfMessages, promptsOf } from "./prompts.ts";

export type Endpoint = "completions" | "chat";

/** One answer to one prompt. */
export interface Choice {
  prompt: readonly number[];
  script: Script;
}

/** What is left of a request once its text is tokens and its answer is known. */
export interface GenerationRequest {
  endpoint: Endpoint;
  model: string;
  /** In order of their index: all answers to the first prompt first. */
  choices: Choice[];
  /** Tokens of the prompts, each counted once however many answers it gets. */
  promptTokens: number;
  stream: boolean;
  includeUsage: boolean;
  continuousUsage: boolean;
  tokenIds: boolean;
  logprobs: boolean;
}

const count = z.int().nullish();
const Common = z.looseObject({
  model: z.string().nullish(),
  max_tokens: count,
  min_tokens: count,
  ignore_eos: z.boolean().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  temperature: z.number().nullish(),
  n: count,
  logprobs: z.union([z.boolean(), z.int()]).nullish(),
  return_token_ids: z.boolean().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().nullish(), continuous_usage_stats: z.boolean().nullish() })
    .nullish(),
});
const CompletionBody = Common.extend({ prompt: z.unknown().optional() });
const ChatBody = Common.extend({ max_completion_tokens: count, messages: Messages });
type Body = z.infer<typeof Common>;

/** @throws ApiError in vLLM's wording */
export function parseGenerationRequest(
  endpoint: Endpoint,
  text: string,
  model: Model,
  multibyte: boolean,
): GenerationRequest {
  if (endpoint === "chat") {
    const body = parseBody(ChatBody, text, model);
    const maxTokens = body.max_completion_tokens ?? body.max_tokens;
    return toRequest(endpoint, { ...body, max_tokens: maxTokens }, [promptOfMessages(body.messages)], model, multibyte);
  }
  const body = parseBody(CompletionBody, text, model);
  return toRequest(endpoint, { ...body, max_tokens: body.max_tokens ?? 16 }, promptsOf(body.prompt), model, multibyte);
}

function toRequest(
  endpoint: Endpoint,
  body: Body,
  prompts: Prompt[],
  model: Model,
  multibyte: boolean,
): GenerationRequest {
  checkSampling(body, model);
  const includeUsage = body.stream_options?.include_usage ?? false;
  return {
    endpoint,
    model: model.name,
    choices: prompts.flatMap(({ tokens, text }) => {
      const script = scriptOf(
        body,
        text,
        outputBudget(tokens.length, body.max_tokens ?? null, model),
        model,
        multibyte,
      );
      return Array.from({ length: body.n ?? 1 }, () => ({ prompt: tokens, script }));
    }),
    promptTokens: prompts.reduce((sum, { tokens }) => sum + tokens.length, 0),
    stream: body.stream ?? false,
    includeUsage,
    continuousUsage: includeUsage && (body.stream_options?.continuous_usage_stats ?? false),
    tokenIds: body.return_token_ids ?? false,
    // For completions 0 asks for the chosen token's probability alone; for chat it is a switch.
    logprobs: typeof body.logprobs === "number" || body.logprobs === true,
  };
}

function scriptOf(body: Body, text: string, maxTokens: number, { answers }: Model, multibyte: boolean): Script {
  const answer = text === "" ? undefined : savedAnswer(answers, text);
  const stop = typeof body.stop === "string" ? [body.stop] : (body.stop ?? []);
  const minTokens = body.min_tokens ?? 0;
  return writeScript(
    {
      tokens: answer === undefined ? [] : piecesOfText(answer),
      words: wordsOf(multibyte),
      ends: answer === undefined ? "never" : "freely",
      finish: "stop",
    },
    { maxTokens, minTokens, ignoreEos: body.ignore_eos ?? false, stop, showStop: false, stopIds: new Set() },
  );
}

function checkSampling(body: Body, { maxModelLen }: Model): void {
  const { temperature, max_tokens: maxTokens, min_tokens: minTokens, n } = body;
  if (typeof temperature === "number" && temperature < 0) {
    const value = asPythonFloat(temperature);
    throw badRequest(`temperature must be non-negative, got ${value}.`, "temperature", value);
  }
  if (typeof maxTokens === "number" && maxTokens < 1) {
    throw badRequest(`max_tokens must be at least 1, got ${maxTokens}.`, "max_tokens", maxTokens);
  }
  if (typeof maxTokens === "number" && maxTokens > maxModelLen) {
    const message = `max_tokens=${maxTokens} cannot be greater than max_model_len=${maxModelLen}. Please request fewer output tokens.`;
    throw badRequest(message, "max_tokens", maxTokens);
  }
  if (typeof minTokens === "number" && typeof maxTokens === "number" && minTokens > maxTokens) {
    const message = `min_tokens must be less than or equal to max_tokens=${maxTokens}, got ${minTokens}.`;
    throw badRequest(message, "min_tokens", minTokens);
  }
  if (typeof n === "number" && n < 1) throw badRequest(`n must be at least 1, got ${n}.`, "n", n);
}

function outputBudget(promptTokens: number, maxTokens: number | null, { maxModelLen }: Model): number {
  const wanted = maxTokens ?? Math.max(1, maxModelLen - promptTokens);
  const total = promptTokens + wanted;
  if (total <= maxModelLen) return wanted;
  throw badRequest(
    `This model's maximum context length is ${maxModelLen} tokens. However, you requested ${wanted} output tokens and your prompt contains at least ${promptTokens} input tokens, for a total of at least ${total} tokens. Please reduce the length of the input prompt or the number of requested output tokens.`,
    "input_tokens",
    promptTokens,
  );
}

function asPythonFloat(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
