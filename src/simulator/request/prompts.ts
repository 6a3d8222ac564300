import { z } from "zod";
import { encodeText } from "../text/pseudo-tokens.ts";
import { badRequest } from "./api-error.ts";

const Part = z.looseObject({ text: z.string().default("") });
export const Messages = z
  .array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(Part)]).nullish() }))
  .min(1);

export interface Prompt {
  tokens: number[];
  /** Empty when it came as token ids. */
  text: string;
}

/** Each prompt: text, token ids, or a list of either. @throws ApiError */
export function promptsOf(prompt: unknown): Prompt[] {
  const several = Array.isArray(prompt) && prompt.length > 0 && typeof prompt[0] !== "number";
  const prompts: unknown[] = several ? prompt : [prompt];
  return prompts.map((one) => {
    if (typeof one === "string" && one !== "") return { tokens: encodeText(one), text: one };
    if (Array.isArray(one) && one.length > 0 && one.every(isTokenId)) return { tokens: one, text: "" };
    throw badRequest("prompt must be text, token ids, or a list of either, and not empty", "prompt");
  });
}

const isTokenId = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** A chat template puts about this many tokens around each message, and before the answer. */
const TEMPLATE = [1, 2, 3, 4];

export function promptOfMessages(messages: z.infer<typeof Messages>): Prompt {
  const texts = messages.map(({ content }) =>
    typeof content === "string" ? content : (content ?? []).map((part) => part.text).join(""),
  );
  const parts = texts.flatMap((text) => [...TEMPLATE, ...encodeText(text)]);
  return { tokens: [...parts, ...TEMPLATE], text: texts.join("\n") };
}
