import { bodyOf, contentOf, same, usageOf } from "../../model/answers.ts";
import { chat } from "../../model/ask.ts";
import type { Case } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";

const of = casesOf("chat", "chat");
const FINISH = ["stop", "length", "tool_calls", "content_filter"];

/** What a whole answer to a chat looks like. */
export const CHAT_ANSWER: readonly Case[] = [
  of("chat.answer.object", "must", "an answer is a chat.completion", {
    asks: [chat()],
    check: ([answer]) => bodyOf(answer).at("object").is("chat.completion"),
  }),
  of("chat.answer.id", "must", "an answer has an id", {
    asks: [chat()],
    check: ([answer]) => void bodyOf(answer).at("id").filledText(),
  }),
  of("chat.answer.id.own", "should", "two answers have two ids", {
    asks: [chat(), chat()],
    check: ([one, other]) => {
      const id = bodyOf(other).at("id");
      if (id.value === bodyOf(one).at("id").value) id.wrong("must be another one than that of the answer before");
    },
  }),
  of("chat.answer.created", "must", "an answer says when it was made, in seconds", {
    asks: [chat()],
    check: ([answer]) => {
      const created = bodyOf(answer).at("created");
      if (created.integer(1) > MILLISECONDS) created.wrong("must be in seconds");
    },
  }),
  of("chat.answer.model", "should", "an answer names the model that was asked for", {
    asks: [chat()],
    check: ([answer], { model }) => bodyOf(answer).at("model").is(model),
  }),
  of("chat.answer.choice", "must", "one choice comes, and its index is 0", {
    asks: [chat()],
    check: ([answer]) => bodyOf(answer).at("choices").listOf(1)[0]!.at("index").is(0),
  }),
  of("chat.answer.role", "must", "the message is the assistant's", {
    asks: [chat()],
    check: ([answer]) => bodyOf(answer).at("choices", 0, "message", "role").is("assistant"),
  }),
  of("chat.answer.content", "must", "the message has text", {
    asks: [chat()],
    check: ([answer]) => {
      const body = bodyOf(answer);
      if (contentOf(body) === "") body.at("choices", 0, "message").wrong("must have content");
    },
  }),
  of("chat.answer.finish", "must", "a choice says why it ended", {
    asks: [chat()],
    check: ([answer]) => bodyOf(answer).at("choices", 0, "finish_reason").oneOf(FINISH),
  }),
  of("chat.answer.no-calls", "must", "nothing is called where there are no tools", {
    asks: [chat()],
    check: ([answer]) => bodyOf(answer).at("choices", 0, "message", "tool_calls").nothing(),
  }),
  of("chat.answer.usage", "must", "usage counts prompt and completion, and their sum", {
    asks: [chat()],
    check: ([answer]) => void usageOf(bodyOf(answer)),
  }),
  of("chat.answer.usage.same", "should", "the same prompt has as many tokens each time", {
    asks: [chat(), chat({ max_tokens: 2 })],
    check: ([one, other]) => same("usage.prompt_tokens", usageOf(bodyOf(one)).prompt, usageOf(bodyOf(other)).prompt),
  }),
  of("chat.answer.two-at-once", "must", "two chats at the same time get an answer each", {
    asks: [chat({ max_tokens: 4 }), chat({ max_tokens: 12 })],
    together: true,
    check: ([one, other]) => {
      const [short, long] = [usageOf(bodyOf(one)), bodyOf(other)];
      if (short.completion > 4) bodyOf(one).at("usage", "completion_tokens").wrong("must be at most 4");
      if (usageOf(long).completion > 12) long.at("usage", "completion_tokens").wrong("must be at most 12");
      if (long.at("id").value === bodyOf(one).at("id").value) long.at("id").wrong("must be its own");
    },
  }),
];

/** No second of this millennium is as large; milliseconds are. */
const MILLISECONDS = 100_000_000_000;
