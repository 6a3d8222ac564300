import type { Endpoint, PromptEntry } from "./prompts.ts";
import { type Run, TOKEN_BYTES, TOKEN_IDS, WORDS, writeRuns } from "./vocabulary.ts";

/** How the engine is asked. `continuousUsage`: token counts in every chunk, not only in the last one. */
export interface Api {
  model: string;
  endpoint: Endpoint;
  continuousUsage: boolean;
  /** Said aloud: an engine's own default differs by version and model (vllm-project/vllm#32723). */
  temperature: number;
}

/** The body of a request with a prompt as it is. */
export function listedBody(api: Api, { prompt, outputTokens }: PromptEntry): Buffer {
  const messages = typeof prompt === "string" ? [{ role: "user", content: prompt }] : prompt;
  const question = api.endpoint === "chat" ? { messages } : { prompt };
  return Buffer.from(JSON.stringify({ model: api.model, ...question, ...options(api, outputTokens) }));
}

/**
 * Makes bodies of drawn prompts: token ids for completions, words of about a token each for a chat. The runs hold one
 * token at least.
 */
export function drawnBodies(api: Api): (runs: Run[], outputTokens: number) => Buffer {
  const chat = api.endpoint === "chat";
  const vocabulary = chat ? WORDS : TOKEN_IDS;
  const model = `{"model":${JSON.stringify(api.model)}`;
  const head = Buffer.from(chat ? `${model},"messages":[{"role":"user","content":"` : `${model},"prompt":[`);
  const close = chat ? '"}],' : "],";
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

/** Exactly as many tokens as are asked for, streamed, with their count at the end. */
function options({ endpoint, continuousUsage, temperature }: Api, outputTokens: number) {
  const usage = { include_usage: true };
  return {
    [endpoint === "chat" ? "max_completion_tokens" : "max_tokens"]: outputTokens,
    ignore_eos: true,
    temperature,
    stream: true,
    stream_options: continuousUsage ? { ...usage, continuous_usage_stats: true } : usage,
  };
}
