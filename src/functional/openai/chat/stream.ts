import {
  bodyOf,
  contentOf,
  deltasOf,
  eventsOf,
  finishReasons,
  pieceOf,
  refusalOf,
  same,
  streamedText,
  usageOf,
} from "../../model/answers.ts";
import { chat, chatStream } from "../../model/ask.ts";
import { type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import { stopFrom } from "../stop-text.ts";
import { doneAtEnd, endsOnce, oneOfAll, usageAtEnd, usageEverywhere } from "../streams.ts";

const of = casesOf("chat", "chat");
const STREAM = chatStream();
const WITH_USAGE = chatStream({ stream_options: { include_usage: true } });

/** A chat that comes in pieces. */
export const CHAT_STREAM: readonly Case[] = [
  of("chat.stream", "must", "a stream is text/event-stream, without an error in it", {
    asks: [STREAM],
    check: ([answer]) => void eventsOf(answer),
  }),
  of("chat.stream.done", "must", "a stream ends with [DONE]", { asks: [STREAM], check: doneAtEnd }),
  of("chat.stream.object", "must", "each event is a chat.completion.chunk", {
    asks: [STREAM],
    check: ([answer]) => {
      for (const chunk of eventsOf(answer).chunks) chunk.at("object").is("chat.completion.chunk");
    },
  }),
  of("chat.stream.id", "must", "all events have the same id", { asks: [STREAM], check: oneOfAll("id") }),
  of("chat.stream.created", "should", "all events have the same time", { asks: [STREAM], check: oneOfAll("created") }),
  of("chat.stream.model", "should", "all events name the same model", { asks: [STREAM], check: oneOfAll("model") }),
  of("chat.stream.role", "must", "the first piece has the assistant's role", {
    asks: [STREAM],
    check: ([answer]) => {
      const [first] = deltasOf(eventsOf(answer));
      if (first === undefined) throw new Deviation("the stream must have a choice");
      first.at("delta", "role").is("assistant");
    },
  }),
  of("chat.stream.finish", "must", "one finish reason comes, and nothing said behind it", {
    asks: [STREAM],
    check: endsOnce(),
  }),
  of("chat.stream.pieces", "must", "the text comes in more than one piece", {
    asks: [chatStream({ max_tokens: 16 })],
    check: ([answer]) => {
      const pieces = deltasOf(eventsOf(answer)).filter((choice) => pieceOf(choice) !== "");
      if (pieces.length < 2) throw new Deviation(`must come in pieces, but ${pieces.length} had text`);
    },
  }),
  of("chat.stream.same", "should", "the pieces add up to the whole answer", {
    asks: [chat({ max_tokens: 16 }), chatStream({ max_tokens: 16 })],
    check: ([whole, stream]) => same("the text", streamedText(eventsOf(stream)), contentOf(bodyOf(whole))),
  }),
  of("chat.stream.same-finish", "should", "the finish reason is that of the whole answer", {
    asks: [chat({ max_tokens: 3 }), chatStream({ max_tokens: 3 })],
    check: ([whole, stream]) =>
      same("finish_reason", finishReasons(eventsOf(stream))[0], bodyOf(whole).at("choices", 0, "finish_reason").value),
  }),
  of("chat.stream.usage", "must", "with include_usage the last event has the counts, and no choice", {
    asks: [WITH_USAGE],
    check: usageAtEnd,
  }),
  of("chat.stream.usage.same", "should", "the counts are those of the whole answer", {
    asks: [chat(), WITH_USAGE],
    check: ([whole, stream]) => {
      const last = eventsOf(stream).chunks.findLast((chunk) => !chunk.at("usage").isNothing());
      if (last === undefined) throw new Deviation("the stream must have usage");
      same("usage", usageOf(last), usageOf(bodyOf(whole)));
    },
  }),
  of("chat.stream.usage.unasked", "should", "without include_usage no event has counts", {
    asks: [STREAM],
    check: ([answer]) => {
      for (const chunk of eventsOf(answer).chunks) chunk.at("usage").nothing();
    },
  }),
  of("chat.stream.usage.continuous", "may", "with continuous_usage_stats every event has counts", {
    needs: ["stream.continuous_usage"],
    asks: [chatStream({ stream_options: { include_usage: true, continuous_usage_stats: true } })],
    check: usageEverywhere,
  }),
  of("chat.stream.stop", "must", "a stop string ends a stream before it", {
    asks: [chat({ max_tokens: 24 })],
    next: ([answer]) => [chatStream({ max_tokens: 24, stop: stopFrom(contentOf(bodyOf(answer))) })],
    check: ([before, answer]) => {
      const [text, events] = [contentOf(bodyOf(before)), eventsOf(answer)];
      const stop = stopFrom(text);
      same("the text before the stop string", streamedText(events).trim(), text.slice(0, text.indexOf(stop)).trim());
      same("finish_reason", finishReasons(events)[0], "stop");
    },
  }),
  of("chat.stream.n", "should", "each of n streamed answers ends once", {
    needs: ["chat.n"],
    asks: [chatStream({ n: 2, temperature: 1 })],
    check: (answers) => {
      for (const index of [0, 1]) endsOnce(index)(answers);
    },
  }),
  of("chat.stream.refused", "must", "a bad streamed request is refused by its status, not in the stream", {
    asks: [chatStream({ temperature: -1 })],
    check: ([answer]) => void refusalOf(answer),
  }),
  of("chat.stream.two-at-once", "must", "two streams at the same time do not mix", {
    asks: [chatStream(), chatStream({ max_tokens: 12 })],
    together: true,
    check: (answers) => {
      for (const answer of answers) oneOfAll("id")([answer]);
      const [one, other] = answers.map((answer) => eventsOf(answer).chunks[0]!.at("id"));
      if (one!.value === other!.value) other!.wrong("must be its own");
    },
  }),
];
