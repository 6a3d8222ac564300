import { randomBytes } from "node:crypto";
import { instanceText } from "./form/json-instance.ts";
import { piecesOfText } from "./pseudo-tokens.ts";
import { makeToken, type Token } from "./tokens.ts";
import { controlToken } from "./words.ts";

export interface Tool {
  name: string;
  /** A JSON Schema; null for a tool without parameters. */
  parameters: unknown;
}

export type ToolChoice = { kind: "none" } | { kind: "auto" } | { kind: "required" } | { kind: "named"; name: string };

/**
 * Which tools an answer calls: the named one; when it is free to, those that the user's last message is about, and when it
 * must, else the first.
 * @param question the last message, if it is a user's
 * @param parallel whether it may call several
 */
export function toolsToCall(tools: readonly Tool[], choice: ToolChoice, question: string, parallel: boolean): Tool[] {
  if (choice.kind === "none") return [];
  if (choice.kind === "named") return tools.filter(({ name }) => name === choice.name).slice(0, 1);
  const meant = tools.filter(({ name }) => isAbout(question, name));
  const called = meant.length === 0 && choice.kind === "required" ? tools.slice(0, 1) : meant;
  return parallel ? called : called.slice(0, 1);
}

/** Shorter ones, such as `by`, are in every message. */
const SHORTEST_WORD = 4;

/** Whether a text holds a tool's name or, but for its verb, a word of it: `weather` for `get_weather` and `getWeather`. */
export function isAbout(question: string, name: string): boolean {
  const text = question.toLowerCase();
  if (text.includes(name.toLowerCase())) return true;
  const words = name
    .replace(/[A-Z]/g, (letter) => ` ${letter}`)
    .split(/[^A-Za-z0-9]/)
    .filter((word) => word !== "");
  const nouns = words.length > 1 ? words.slice(1) : words;
  return nouns.some((word) => word.length >= SHORTEST_WORD && text.includes(word.toLowerCase()));
}

/** The calls as an answer streams them. @throws NoInstance when a tool's parameters ask for what cannot be made */
export function callTokens(tools: readonly Tool[]): Token[] {
  return tools.flatMap(({ name, parameters }, index) => {
    const id = `chatcmpl-tool-${randomBytes(8).toString("hex")}`;
    const pieces = piecesOfText(parameters === null ? "{}" : instanceText(parameters));
    return [
      controlToken("call", { kind: "call", index, id, name }),
      ...pieces.map((piece) => makeToken(piece.id, piece.text, { kind: "arguments", index, text: piece.text })),
      controlToken("end of call"),
    ];
  });
}
