import { bodyOf, deltasOf, eventsOf, finishReasons, saidIn, usageOf } from "../../model/answers.ts";
import { chat, chatStream, user } from "../../model/ask.ts";
import { type Ask, type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import type { Found } from "../../model/found.ts";

const of = casesOf("chat", "chat", "chat.reasoning");
const QUESTION = { messages: [user("What is 17 + 25? Think first.")], max_tokens: 64 };
const thinking = (ask: Ask): Ask => ({ ...ask, thinks: "yes" });
const WHOLE = thinking(chat(QUESTION));
const STREAM = thinking(chatStream(QUESTION));

/** The thought of a message or of a piece, under either of its names. */
function thoughtIn(message: Found): string {
  const found = [message.at("reasoning"), message.at("reasoning_content")].find((one) => !one.isNothing());
  return found === undefined ? "" : found.text();
}

/** The thoughts of a model that has them. */
export const CHAT_REASONING: readonly Case[] = [
  of("chat.reasoning", "must", "thoughts come apart from the content", {
    asks: [WHOLE],
    check: ([answer]) => {
      const message = bodyOf(answer).at("choices", 0, "message");
      if (thoughtIn(message.object()) === "") message.wrong("must have reasoning or reasoning_content");
    },
  }),
  of("chat.reasoning.apart", "must", "the content has no marks of thoughts", {
    asks: [WHOLE],
    check: ([answer]) => {
      const content = bodyOf(answer).at("choices", 0, "message", "content");
      if (!content.isNothing() && /<\/?think>/.test(content.text())) content.wrong("must have no <think> in it");
    },
  }),
  of("chat.reasoning.usage", "must", "thoughts are counted", {
    asks: [WHOLE],
    check: ([answer]) => {
      const body = bodyOf(answer);
      if (usageOf(body).completion === 0) body.at("usage", "completion_tokens").wrong("must be 1 or more");
    },
  }),
  of("chat.reasoning.stream", "must", "streamed thoughts come apart from the content", {
    asks: [STREAM],
    check: ([answer]) => {
      const deltas = deltasOf(eventsOf(answer)).map((choice) => choice.at("delta"));
      if (deltas.map(thoughtIn).join("") === "")
        throw new Deviation("the stream must have reasoning or reasoning_content");
    },
  }),
  of("chat.reasoning.stream.order", "should", "thoughts come before the content", {
    asks: [STREAM],
    check: ([answer]) => {
      const deltas = deltasOf(eventsOf(answer)).map((choice) => choice.at("delta"));
      const said = deltas.findIndex((delta) => saidIn(delta) !== "" && thoughtIn(delta) === "");
      const late = said === -1 ? undefined : deltas.slice(said).find((delta) => thoughtIn(delta) !== "");
      late?.wrong("must have no thought behind the content");
    },
  }),
  of("chat.reasoning.stream.finish", "must", "a stream of thoughts ends once", {
    asks: [STREAM],
    check: ([answer]) => {
      const { length } = finishReasons(eventsOf(answer));
      if (length !== 1) throw new Deviation(`the stream must have one finish reason, but has ${length}`);
    },
  }),
];
