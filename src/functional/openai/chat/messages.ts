import { bodyOf, contentOf, same, usageOf } from "../../model/answers.ts";
import { chat, user } from "../../model/ask.ts";
import type { Answer, Case } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";

const of = casesOf("chat", "chat");
const ask = (...messages: object[]) => chat({ messages });

/** It is taken and answered. */
function answered([answer]: readonly Answer[]): void {
  const body = bodyOf(answer);
  if (usageOf(body).completion === 0) body.at("usage", "completion_tokens").wrong("must be 1 or more");
  contentOf(body);
}

/** The second has more of a prompt than the first. */
function longer([one, other]: readonly Answer[]): void {
  const less = usageOf(bodyOf(one)).prompt;
  const prompt = bodyOf(other).at("usage", "prompt_tokens");
  if (prompt.integer() <= less) prompt.wrong(`must be more than the ${less} of the shorter prompt`);
}

const WORDS = "The tide comes in twice a day and goes out again. ";
const SCRIPTS = "Grüße, 你好, здравствуй, שלום, नमस्ते, 👩‍🚀🌊, ﷽, a\u0301";
const CONVERSATION = [user("My name is Ada."), { role: "assistant", content: "Hello Ada." }, user("What is my name?")];

/** What a chat may be made of. */
export const CHAT_MESSAGES: readonly Case[] = [
  of("chat.messages.system", "must", "a system message is part of the prompt", {
    asks: [ask(user("Hi")), ask({ role: "system", content: "You are a harbour pilot." }, user("Hi"))],
    check: longer,
  }),
  of("chat.messages.turns", "must", "earlier turns are part of the prompt", {
    asks: [ask(CONVERSATION.at(-1)!), ask(...CONVERSATION)],
    check: longer,
  }),
  of("chat.messages.developer", "should", "a developer message is taken", {
    asks: [ask({ role: "developer", content: "Answer briefly." }, user("Hi"))],
    check: answered,
  }),
  of("chat.messages.name", "should", "a message may have its author's name", {
    asks: [ask({ ...user("Hi"), name: "ada" })],
    check: answered,
  }),
  of("chat.messages.parts", "must", "content may be a list of text parts", {
    asks: [ask(user([{ type: "text", text: "Say a few words." }]))],
    check: answered,
  }),
  of("chat.messages.parts.same", "should", "one text part is the same prompt as the text", {
    asks: [ask(user("Say a few words.")), ask(user([{ type: "text", text: "Say a few words." }]))],
    check: ([one, other]) => same("usage.prompt_tokens", usageOf(bodyOf(one)).prompt, usageOf(bodyOf(other)).prompt),
  }),
  of("chat.messages.parts.all", "must", "every text part is part of the prompt", {
    asks: [
      ask(user([{ type: "text", text: "Say" }])),
      ask(user(["Say", "a few words", "about the sea"].map((text) => ({ type: "text", text })))),
    ],
    check: longer,
  }),
  of("chat.messages.unicode", "must", "every script and emoji is taken", {
    asks: [ask(user("Hi")), ask(user(SCRIPTS))],
    check: longer,
  }),
  of("chat.messages.escapes", "must", "quotes, tabs, line ends and backslashes are taken", {
    asks: [ask(user("Hi")), ask(user('"quoted"\t\\n\r\n{"a": ["b"]}\n\n```\n</s>\n```'))],
    check: longer,
  }),
  of("chat.messages.empty", "should", "an empty message is taken", { asks: [ask(user(""))], check: answered }),
  of("chat.messages.long", "must", "a long message is a long prompt", {
    asks: [ask(user(WORDS)), ask(user(WORDS.repeat(12)))],
    check: ([one, other]) => {
      const short = usageOf(bodyOf(one)).prompt;
      const prompt = bodyOf(other).at("usage", "prompt_tokens");
      if (prompt.integer() < short + 100) prompt.wrong(`must be at least 100 more than ${short}`);
    },
  }),
  of("chat.messages.assistant-last", "may", "a chat may end with the assistant's words", {
    asks: [ask(user("Count to three."), { role: "assistant", content: "One, two," })],
    check: answered,
  }),
];
