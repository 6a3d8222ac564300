import type { Takes } from "../result/document/takes.ts";
import { everything } from "./everything.ts";
import type { Endpoint, PromptEntry } from "./prompts.ts";
import { type Run, TOKEN_BYTES, tokenIds, WORDS, writeRuns } from "./vocabulary.ts";

/** How the engine is asked. `continuousUsage`: token counts in every chunk, not only in the last one. */
export interface Api {
  model: string;
  endpoint: Endpoint;
  continuousUsage: boolean;
  /** Said aloud: an engine's own default differs by version and model (vllm-project/vllm#32723). */
  temperature: number;
  /** What the server takes; absent: everything. */
  takes?: Takes | undefined;
}

/** Whether drawn prompts are words, of about a token each, and not token ids. */
export const drawsWords = ({ endpoint, takes }: Pick<Api, "endpoint" | "takes">) =>
  endpoint === "chat" || takes?.tokenIds === null;

/** The body of a request with a prompt as it is. */
export function listedBody(api: Api, { prompt, outputTokens }: PromptEntry): Buffer {
  return Buffer.from(JSON.stringify(requestFields(api, prompt, outputTokens)));
}

/** The fields of a request with a prompt as it is. */
export function requestFields(api: Api, prompt: PromptEntry["prompt"], outputTokens: number): Record<string, unknown> {
  const messages = typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
  const question = api.endpoint === "chat" ? { messages } : { prompt };
  return { model: api.model, ...question, ...options(api, outputTokens) };
}

/**
 * Makes bodies of drawn prompts: token ids for completions where they are taken, else words of about a token each. The
 * runs hold one token at least.
 */
export function drawnBodies(api: Api): (runs: Run[], outputTokens: number) => Buffer {
  const words = drawsWords(api);
  const vocabulary = words ? WORDS : tokenIds(api.takes?.tokenIds ?? undefined);
  const { open, close } = quotesOf(api, words);
  const head = Buffer.from(`{"model":${JSON.stringify(api.model)}${open}`);
  return (runs, outputTokens) => {
    const tail = Buffer.from(close + JSON.stringify(options(api, outputTokens)).slice(1));
    const tokens = runs.reduce((sum, run) => sum + run.tokens, 0);
    // One byte more than the body: the separator after the last token, which the tail overwrites.
    const body = Buffer.allocUnsafe(head.length + tokens * TOKEN_BYTES + tail.length);
    body.set(head);
    const end = writeRuns(body, head.length, runs, vocabulary) - 1;
    body.set(tail, end);
    return body.subarray(0, end + tail.length);
  };
}

function quotesOf({ endpoint }: Api, words: boolean): { open: string; close: string } {
  if (endpoint === "chat") return { open: ',"messages":[{"role":"user","content":"', close: '"}],' };
  return words ? { open: ',"prompt":"', close: '",' } : { open: ',"prompt":[', close: "]," };
}

/** Exactly as many tokens as are asked for, where that can be had; streamed, with their count at the end. */
function options({ endpoint, continuousUsage, temperature, takes = everything(endpoint) }: Api, outputTokens: number) {
  const usage = { include_usage: true };
  return {
    ...lengthFields(takes, outputTokens),
    temperature,
    stream: true,
    ...(takes.asksUsage
      ? { stream_options: continuousUsage ? { ...usage, continuous_usage_stats: true } : usage }
      : {}),
  };
}

/** What decides how long an answer gets. */
export function lengthFields({ limit, exactLengths }: Takes, outputTokens: number): Record<string, unknown> {
  if (exactLengths === null) return { [limit]: outputTokens };
  return { [limit]: outputTokens, [exactLengths]: exactLengths === "ignore_eos" ? true : outputTokens };
}
