import type { Part, Token } from "./tokens.ts";

export type FinishReason = "length" | "stop" | "tool_calls";

/** All that one choice is going to say. */
export interface Script {
  /** Tokens of it. */
  readonly length: number;
  /** @param n counted from 1 */
  tokenAt(n: number): Token;
  /** Why it ends with its last token. */
  readonly finish: FinishReason;
  /** The stop string or token id that ended it. */
  readonly stopReason: string | number | null;
}

/** The same words again and again, until there are as many as were asked for. */
export function endlessScript(words: readonly Token[], length: number): Script {
  return { length, tokenAt: (n) => words[(n - 1) % words.length] as Token, finish: "length", stopReason: null };
}

export function writtenScript(
  tokens: readonly Token[],
  finish: FinishReason,
  stopReason: string | number | null = null,
): Script {
  return { length: tokens.length, tokenAt: (n) => tokens[n - 1] as Token, finish, stopReason };
}

/** The first tokens of a script. */
export const firstTokens = (script: Script, count: number): Token[] =>
  Array.from({ length: count }, (_, i) => script.tokenAt(i + 1));

export interface Call {
  id: string;
  name: string;
  arguments: string;
}

export interface Message {
  content: string;
  reasoning: string;
  calls: Call[];
}

/** What tokens come to. */
export function messageOf(tokens: readonly Token[]): Message {
  const message: Message = { content: "", reasoning: "", calls: [] };
  for (const { part } of tokens) addPart(message, part);
  return message;
}

function addPart(message: Message, part: Part): void {
  if (part.kind === "content") message.content += part.text;
  else if (part.kind === "reasoning") message.reasoning += part.text;
  else if (part.kind === "call") message.calls.push({ id: part.id, name: part.name, arguments: "" });
  else if (part.kind === "arguments") (message.calls[part.index] as Call).arguments += part.text;
}
