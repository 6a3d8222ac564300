import { API_KEY_VARIABLE } from "../../engine/server/api-key.ts";
import { cut } from "../../foreign-text/limits.ts";
import { NoAnswer, send, type Target } from "../client/send.ts";
import { bodyOf, saidIn } from "../model/answers.ts";
import { chat, completion, get, tokenize, user } from "../model/ask.ts";
import type { Capability } from "../model/capabilities.ts";
import { type Answer, type Ask, Deviation } from "../model/case.ts";
import { named, QUESTION } from "../openai/tools.ts";

/** What a server has, and why it seems to lack the rest. */
export interface Detected {
  supported: Set<Capability>;
  lacking: Map<Capability, string>;
}

interface Probe {
  ask: Ask;
  /** Undefined: it is there; else why not. By default every good answer says that it is there. */
  lacks?(answer: Answer): string | undefined;
}

const tiny = { max_tokens: 1 };
const needsField = (read: (answer: Answer) => boolean, what: string) => (answer: Answer) =>
  read(answer) ? undefined : `the answer has no ${what}`;
const hasIn =
  (...keys: (string | number)[]) =>
  (answer: Answer) =>
    !bodyOf(answer)
      .at(...keys)
      .isNothing();

const question = { ...QUESTION, max_tokens: 1 };
const SCHEMA = { type: "object", properties: { a: { type: "boolean" } }, required: ["a"], additionalProperties: false };

/**
 * A small request for each capability. A server that ignores what it does not know answers well all the same, so where the
 * answer can tell, it must: logprobs that are asked for come, an echo begins with the prompt.
 */
const PROBES: Readonly<Record<Exclude<Capability, "auth">, Probe>> = {
  chat: { ask: chat(tiny) },
  "chat.n": {
    ask: chat({ ...tiny, n: 2, temperature: 1 }),
    lacks: needsField(hasIn("choices", 1), "second choice"),
  },
  "chat.tools": { ask: chat({ ...question, tool_choice: "auto" }) },
  "chat.tool_choice": { ask: chat({ ...question, tool_choice: "required" }) },
  "chat.tool_choice.by_name": { ask: chat({ ...question, tool_choice: named("get_weather") }) },
  "chat.tool_calls.parallel": { ask: chat({ ...question, tool_choice: "auto", parallel_tool_calls: false }) },
  "chat.response_format.json_object": { ask: chat({ ...tiny, response_format: { type: "json_object" } }) },
  "chat.response_format.json_schema": {
    ask: chat({ ...tiny, response_format: { type: "json_schema", json_schema: { name: "a", schema: SCHEMA } } }),
  },
  "chat.structured_outputs": {
    ask: chat({ max_tokens: 4, structured_outputs: { choice: ["q"] } }),
    lacks: needsField((answer) => saidIn(bodyOf(answer).at("choices", 0, "message")) === "q", "choice that was given"),
  },
  "chat.reasoning": {
    ask: { ...chat({ messages: [user("What is 2 + 2? Think first.")], max_tokens: 24 }), thinks: "yes" },
    lacks: needsField(
      (answer) => ["reasoning", "reasoning_content"].some((key) => hasIn("choices", 0, "message", key)(answer)),
      "reasoning beside its content",
    ),
  },
  "chat.logprobs": {
    ask: chat({ ...tiny, logprobs: true, top_logprobs: 1 }),
    lacks: needsField(hasIn("choices", 0, "logprobs"), "logprobs"),
  },
  completions: { ask: completion(tiny) },
  "completions.n": {
    ask: completion({ ...tiny, n: 2, temperature: 1 }),
    lacks: needsField(hasIn("choices", 1), "second choice"),
  },
  "completions.echo": {
    ask: completion({ ...tiny, prompt: "abc", echo: true }),
    lacks: needsField((answer) => bodyOf(answer).at("choices", 0, "text").text().startsWith("abc"), "echo"),
  },
  "completions.logprobs": {
    ask: completion({ ...tiny, logprobs: 1 }),
    lacks: needsField(hasIn("choices", 0, "logprobs", "token_logprobs"), "token_logprobs"),
  },
  "completions.prompt_list": {
    ask: completion({ ...tiny, prompt: ["a", "b"] }),
    lacks: needsField(hasIn("choices", 1), "second choice"),
  },
  "completions.token_ids": { ask: completion({ ...tiny, prompt: [5, 6] }) },
  "completions.suffix": { ask: completion({ ...tiny, suffix: "end" }) },
  "completions.best_of": {
    // Whoever knows it refuses this; whoever does not, ignores it.
    ask: completion({ ...tiny, n: 2, best_of: 1 }),
    lacks: ({ status }) => (status >= 400 && status < 500 ? undefined : "best_of below n is ignored, not refused"),
  },
  "models.retrieve": { ask: get("/v1/models/{model}") },
  // llama.cpp has pages of these names with other fields (b11549).
  tokenize: { ask: tokenize({ prompt: "a" }), lacks: needsField(hasIn("count"), "count") },
  detokenize: {
    ask: { method: "POST", path: "/detokenize", body: { tokens: [5] } },
    lacks: needsField(hasIn("prompt"), "prompt"),
  },
  min_tokens: { ask: completion({ max_tokens: 2, min_tokens: 1 }) },
  ignore_eos: { ask: completion({ ...tiny, ignore_eos: true }) },
  return_token_ids: {
    ask: completion({ ...tiny, return_token_ids: true }),
    lacks: needsField(hasIn("choices", 0, "token_ids"), "token_ids"),
  },
  "stream.continuous_usage": {
    ask: completion({
      max_tokens: 2,
      stream: true,
      stream_options: { include_usage: true, continuous_usage_stats: true },
    }),
    lacks: ({ text }) =>
      (text.match(/"usage":\s*\{/g) ?? []).length > 1 ? undefined : "only the end of the stream has usage",
  },
};

/** Asks a server what it has: whether its model reasons, for then its short answers would hold thoughts; then all the rest at once. */
export async function detectCapabilities(target: Target): Promise<Detected> {
  const found: Detected = { supported: new Set(), lacking: new Map() };
  const note = (name: Capability, lack: string | undefined) =>
    lack === undefined ? void found.supported.add(name) : void found.lacking.set(name, lack);
  note("auth", target.env[API_KEY_VARIABLE] ? undefined : `${API_KEY_VARIABLE} is not set`);
  const { "chat.reasoning": reasoning, ...others } = PROBES;
  note("chat.reasoning", await lackOf("chat.reasoning", reasoning, target));
  const asked = askedFor(target, found.supported);
  const probes = Object.entries(others) as [Capability, Probe][];
  await Promise.all(probes.map(async ([name, probe]) => note(name, await lackOf(name, probe, asked))));
  return found;
}

/** The target as a server with these capabilities is asked. */
export const askedFor = (target: Target, supported: ReadonlySet<Capability>): Target => ({
  ...target,
  reasons: supported.has("chat.reasoning"),
});

/** Only a refusal, or an answer without it, says that something is missing: what fails otherwise is for its cases to find. */
async function lackOf(name: Capability, { ask, lacks }: Probe, target: Target): Promise<string | undefined> {
  try {
    const answer = await send(ask, target, `capability ${name}`);
    const { status, text } = answer;
    if (name === "completions.best_of") return lacks?.(answer);
    if (status === 200) return lacks?.(answer);
    return status < 500 || status === 501 ? `HTTP ${status}: ${cut(text, 200)}` : undefined;
  } catch (error) {
    if (error instanceof NoAnswer) return undefined;
    if (error instanceof Deviation) return error.message;
    throw error;
  }
}
