import { z } from "zod";
import { ApiError, badRequest } from "./api-error.ts";

export type Endpoint = "completions" | "chat";

export interface Model {
  name: string;
  maxModelLen: number;
}

/** What is left of a request once its text is counted: the engine computes lengths, not words. */
export interface GenerationRequest {
  endpoint: Endpoint;
  model: string;
  /** Tokens of each prompt, in order of the choices. */
  promptTokens: number[];
  maxTokens: number[];
  stream: boolean;
  includeUsage: boolean;
  continuousUsage: boolean;
}

const count = z.int().nullish();
const Common = z.looseObject({
  model: z.string().nullish(),
  max_tokens: count,
  temperature: z.number().nullish(),
  n: count,
  stream: z.boolean().nullish(),
  stream_options: z
    .looseObject({ include_usage: z.boolean().nullish(), continuous_usage_stats: z.boolean().nullish() })
    .nullish(),
});
const CompletionBody = Common.extend({ prompt: z.unknown().optional() });
const Part = z.looseObject({ text: z.string().default("") });
const ChatBody = Common.extend({
  max_completion_tokens: count,
  messages: z
    .array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(Part)]).nullish() }))
    .min(1),
});
type Body = z.infer<typeof Common>;

/** @throws ApiError in vLLM's wording */
export function parseGenerationRequest(endpoint: Endpoint, text: string, model: Model): GenerationRequest {
  const json = parseJson(text);
  if (endpoint === "chat") {
    const body = parseBody(ChatBody, json, model);
    const prompts = [countMessages(body.messages)];
    return toRequest(endpoint, { ...body, max_tokens: body.max_completion_tokens ?? body.max_tokens }, prompts, model);
  }
  const body = parseBody(CompletionBody, json, model);
  const prompts = countPrompts(body.prompt);
  return toRequest(endpoint, { ...body, max_tokens: body.max_tokens ?? 16 }, prompts, model);
}

function toRequest(endpoint: Endpoint, body: Body, promptTokens: number[], model: Model): GenerationRequest {
  checkSampling(body, model);
  const stream = body.stream ?? false;
  const includeUsage = body.stream_options?.include_usage ?? false;
  return {
    endpoint,
    model: model.name,
    promptTokens,
    maxTokens: promptTokens.map((tokens) => outputBudget(tokens, body.max_tokens ?? null, model)),
    stream,
    includeUsage,
    continuousUsage: includeUsage && (body.stream_options?.continuous_usage_stats ?? false),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = `[{'type': 'json_invalid', 'loc': ('body', 0), 'msg': 'JSON decode error', 'ctx': {'error': ${JSON.stringify(String(cause))}}}]`;
    throw new ApiError(400, "Bad Request", detail);
  }
}

function parseBody<S extends typeof Common>(schema: S, json: unknown, model: Model): z.output<S> {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue?.path.join(".") ?? "";
    throw new ApiError(400, "Bad Request", `${path === "" ? "body" : path}: ${issue?.message}`, path || null);
  }
  const name = parsed.data.model;
  if (name !== undefined && name !== null && name !== model.name) {
    const message = `The model \`${name}\` does not exist. Valid aliases: ${model.name}.`;
    throw new ApiError(404, "NotFoundError", message, "model");
  }
  return parsed.data;
}

function checkSampling(body: Body, { maxModelLen }: Model): void {
  const { temperature, max_tokens: maxTokens, n } = body;
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
  if (typeof n === "number" && n !== 1) throw badRequest("the simulated engine answers n=1 only", "n", n);
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

/** Token ids count one each. Text has no tokenizer here: four characters are a token, as OpenAI's rule of thumb says. */
function countPrompts(prompt: unknown): number[] {
  const several = Array.isArray(prompt) && prompt.length > 0 && typeof prompt[0] !== "number";
  const prompts: unknown[] = several ? prompt : [prompt];
  return prompts.map((one) => {
    if (typeof one === "string" && one !== "") return countText(one);
    if (Array.isArray(one) && one.length > 0 && one.every(isTokenId)) return one.length;
    throw badRequest("prompt must be text, token ids, or a list of either, and not empty", "prompt");
  });
}

const isTokenId = (value: unknown) => Number.isInteger(value) && (value as number) >= 0;
const countText = (text: string) => Math.ceil(text.length / 4);

/** A chat template puts about this many tokens around each message, and before the answer. */
const TEMPLATE_TOKENS = 4;

function countMessages(messages: z.infer<typeof ChatBody>["messages"]): number {
  const parts = messages.map(({ content }) => {
    const text = typeof content === "string" ? content : (content ?? []).map((part) => part.text).join("");
    return TEMPLATE_TOKENS + countText(text);
  });
  return parts.reduce((sum, tokens) => sum + tokens, TEMPLATE_TOKENS);
}

function asPythonFloat(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}
