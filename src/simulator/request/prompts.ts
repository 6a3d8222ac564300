import { z } from "zod";
import { badRequest } from "./api-error.ts";
import { encodeText } from "./pseudo-tokens.ts";

const Part = z.looseObject({ text: z.string().default("") });
export const Messages = z
  .array(z.looseObject({ role: z.string(), content: z.union([z.string(), z.array(Part)]).nullish() }))
  .min(1);

/** The token ids of each prompt: text, token ids, or a list of either. @throws ApiError */
export function promptsOf(prompt: unknown): number[][] {
  const several = Array.isArray(prompt) && prompt.length > 0 && typeof prompt[0] !== "number";
  const prompts: unknown[] = several ? prompt : [prompt];
  return prompts.map((one) => {
    if (typeof one === "string" && one !== "") return encodeText(one);
    if (Array.isArray(one) && one.length > 0 && one.every(isTokenId)) return one;
    throw badRequest("prompt must be text, token ids, or a list of either, and not empty", "prompt");
  });
}

const isTokenId = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** A chat template puts about this many tokens around each message, and before the answer. */
const TEMPLATE = [1, 2, 3, 4];

export function promptOfMessages(messages: z.infer<typeof Messages>): number[] {
  const parts = messages.flatMap(({ content }) => {
    const text = typeof content === "string" ? content : (content ?? []).map((part) => part.text).join("");
    return [...TEMPLATE, ...encodeText(text)];
  });
  return [...parts, ...TEMPLATE];
}
