import { UserError } from "../../errors.ts";
import type { PromptEntry } from "../prompts.ts";
import { readJsonArray } from "./json-array.ts";

const HUMAN = new Set(["human", "user"]);
const OTHER = new Set(["system", "tool", "function"]);
const CHARACTERS_A_TOKEN = 4;
const MOST_OUTPUT_TOKENS = 2048;
/** About 1,024 tokens, the longest prompt that `vllm bench serve` keeps: longer ones overrun a small model's context. */
const MOST_PROMPT_CHARACTERS = 1024 * CHARACTERS_A_TOKEN;

export interface ShareGpt {
  entries: PromptEntry[];
  /** Conversations left out: no first turn of a human with a reply, or a prompt that is too long. */
  skipped: { unusable: number; tooLong: number };
}

/**
 * Conversations in ShareGPT's form: the first human turn is the prompt. How many tokens the reply had is not in the
 * file; it is estimated as a quarter of its characters, 1 to 2,048, and then asked of the engine exactly.
 * @throws UserError naming file and line
 */
export async function readShareGpt(path: string): Promise<ShareGpt> {
  const { entries, skipped, take } = conversations();
  for await (const { value } of readJsonArray(path)) take(value);
  if (entries.length > 0) return { entries, skipped };
  throw new UserError(
    `${path} holds no usable conversation (${skipped.unusable} without a human turn and a reply, ${skipped.tooLong} ` +
      'too long). Entries must look like {"conversations": [{"from": "human", "value": "…"}, {"from": "gpt", "value": "…"}]}.',
  );
}

/** Sorts the objects of a list, one after the other. */
export function conversations() {
  const entries: PromptEntry[] = [];
  const skipped = { unusable: 0, tooLong: 0 };
  function take(value: unknown): void {
    const exchange = firstExchange(value);
    if (exchange === undefined) skipped.unusable++;
    else if (exchange.prompt.length > MOST_PROMPT_CHARACTERS) skipped.tooLong++;
    else entries.push({ prompt: exchange.prompt, inputTokens: null, outputTokens: estimatedTokens(exchange.reply) });
  }
  return { entries, skipped, take };
}

function estimatedTokens(reply: string): number {
  return Math.min(MOST_OUTPUT_TOKENS, Math.ceil(reply.length / CHARACTERS_A_TOKEN));
}

interface Turn {
  speaker: string;
  text: string;
}

function firstExchange(entry: unknown): { prompt: string; reply: string } | undefined {
  const { conversations } = entry as { conversations?: unknown };
  if (!Array.isArray(conversations)) return undefined;
  const turns = conversations.map(turnOf);
  const asked = turns.findIndex((turn) => turn !== undefined && HUMAN.has(turn.speaker));
  const [question, answer] = [turns[asked], turns[asked + 1]];
  if (question === undefined || answer === undefined) return undefined;
  if (HUMAN.has(answer.speaker) || OTHER.has(answer.speaker)) return undefined;
  return question.text.trim() === "" || answer.text === "" ? undefined : { prompt: question.text, reply: answer.text };
}

function turnOf(turn: unknown): Turn | undefined {
  if (typeof turn !== "object" || turn === null) return undefined;
  const { from, value, role, content } = turn as Record<string, unknown>;
  const [speaker, text] = [from ?? role, value ?? content];
  return typeof speaker === "string" && typeof text === "string" ? { speaker, text } : undefined;
}
