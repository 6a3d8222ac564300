import {
  bodyOf,
  contentOf,
  eventsOf,
  finishReasons,
  refusalOf,
  same,
  streamedText,
  usageOf,
} from "../../model/answers.ts";
import { completion, completionStream } from "../../model/ask.ts";
import { type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import { stopFrom } from "../stop-text.ts";
import { doneAtEnd, endsOnce, oneOfAll, usageAtEnd, usageEverywhere } from "../streams.ts";

const of = casesOf("completions", "completions");
const STREAM = completionStream();
const WITH_USAGE = completionStream({ stream_options: { include_usage: true } });

/** A completion that comes in pieces. */
export const COMPLETION_STREAM: readonly Case[] = [
  of("completions.stream", "must", "a stream is text/event-stream, without an error in it", {
    asks: [STREAM],
    check: ([answer]) => void eventsOf(answer),
  }),
  of("completions.stream.done", "must", "a stream ends with [DONE]", { asks: [STREAM], check: doneAtEnd }),
  of("completions.stream.object", "must", "each event is a text_completion", {
    asks: [STREAM],
    check: ([answer]) => {
      for (const chunk of eventsOf(answer).chunks) chunk.at("object").is("text_completion");
    },
  }),
  of("completions.stream.id", "must", "all events have the same id", { asks: [STREAM], check: oneOfAll("id") }),
  of("completions.stream.finish", "must", "one finish reason comes, and no text behind it", {
    asks: [STREAM],
    check: endsOnce(),
  }),
  of("completions.stream.same", "should", "the pieces add up to the whole answer", {
    asks: [completion({ max_tokens: 16 }), completionStream({ max_tokens: 16 })],
    check: ([whole, stream]) => same("the text", streamedText(eventsOf(stream)), contentOf(bodyOf(whole))),
  }),
  of("completions.stream.usage", "must", "with include_usage the last event has the counts, and no choice", {
    asks: [WITH_USAGE],
    check: usageAtEnd,
  }),
  of("completions.stream.usage.same", "should", "the counts are those of the whole answer", {
    asks: [completion(), WITH_USAGE],
    check: ([whole, stream]) => {
      const last = eventsOf(stream).chunks.findLast((chunk) => !chunk.at("usage").isNothing());
      if (last === undefined) throw new Deviation("the stream must have usage");
      same("usage", usageOf(last), usageOf(bodyOf(whole)));
    },
  }),
  of("completions.stream.usage.unasked", "should", "without include_usage no event has counts", {
    asks: [STREAM],
    check: ([answer]) => {
      for (const chunk of eventsOf(answer).chunks) chunk.at("usage").nothing();
    },
  }),
  of("completions.stream.usage.continuous", "may", "with continuous_usage_stats every event has counts", {
    needs: ["stream.continuous_usage"],
    asks: [completionStream({ stream_options: { include_usage: true, continuous_usage_stats: true } })],
    check: usageEverywhere,
  }),
  of("completions.stream.stop", "must", "a stop string ends a stream before it", {
    asks: [completion({ max_tokens: 24 })],
    next: ([answer]) => [completionStream({ max_tokens: 24, stop: stopFrom(contentOf(bodyOf(answer))) })],
    check: ([before, answer]) => {
      const [text, events] = [contentOf(bodyOf(before)), eventsOf(answer)];
      const end = text.indexOf(stopFrom(text));
      same("the text before the stop string", streamedText(events).trim(), text.slice(0, end).trim());
      same("finish_reason", finishReasons(events)[0], "stop");
    },
  }),
  of("completions.stream.n", "should", "each of n streamed answers ends once", {
    needs: ["completions.n"],
    asks: [completionStream({ n: 2, temperature: 1 })],
    check: (answers) => {
      for (const index of [0, 1]) endsOnce(index)(answers);
    },
  }),
  of("completions.stream.refused", "must", "a bad streamed request is refused by its status, not in the stream", {
    asks: [completionStream({ temperature: -1 })],
    check: ([answer]) => void refusalOf(answer),
  }),
];
