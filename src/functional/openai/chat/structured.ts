import { bodyOf, contentOf, eventsOf, refusalOf, streamedText } from "../../model/answers.ts";
import { chat, chatStream } from "../../model/ask.ts";
import { type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import { matches } from "./formats.ts";

const of = casesOf("chat", "chat", "chat.structured_outputs");
const CONTENT = "$.choices[0].message.content";
const COLOURS = ["red", "green", "blue"];
const CODE = /^[a-c]{3}-[0-9]{2}$/;
const CODE_TEXT = "[a-c]{3}-[0-9]{2}";
const SCHEMA = {
  type: "object",
  properties: { on: { type: "boolean" } },
  required: ["on"],
  additionalProperties: false,
};

const guided = (structured_outputs: object) => ({ max_tokens: 60, structured_outputs });

function isColour(text: string): void {
  if (!COLOURS.includes(text)) throw new Deviation(`must be one of ${COLOURS.join(", ")}, but is “${text}”`, CONTENT);
}

function isCode(text: string): void {
  if (!CODE.test(text)) throw new Deviation(`must match ${CODE_TEXT}, but is “${text}”`, CONTENT);
}

/** vLLM's own way to say which form an answer has. */
export const CHAT_STRUCTURED: readonly Case[] = [
  of("chat.structured.choice", "may", "an answer is one of the choices", {
    asks: [chat(guided({ choice: COLOURS }))],
    check: ([answer]) => isColour(contentOf(bodyOf(answer))),
  }),
  of("chat.structured.choice.stream", "may", "a streamed answer is one of the choices", {
    asks: [chatStream(guided({ choice: COLOURS }))],
    check: ([answer]) => isColour(streamedText(eventsOf(answer))),
  }),
  of("chat.structured.regex", "may", "an answer matches the regular expression", {
    asks: [chat(guided({ regex: CODE_TEXT }))],
    check: ([answer]) => isCode(contentOf(bodyOf(answer))),
  }),
  of("chat.structured.regex.stream", "may", "a streamed answer matches the regular expression", {
    asks: [chatStream(guided({ regex: CODE_TEXT }))],
    check: ([answer]) => isCode(streamedText(eventsOf(answer))),
  }),
  of("chat.structured.json", "may", "an answer matches the JSON Schema", {
    asks: [chat(guided({ json: SCHEMA }))],
    check: matches(SCHEMA),
  }),
  of("chat.structured.two", "may", "two forms at the same time are refused", {
    asks: [chat(guided({ choice: COLOURS, regex: CODE_TEXT }))],
    check: ([answer]) => void refusalOf(answer),
  }),
];
