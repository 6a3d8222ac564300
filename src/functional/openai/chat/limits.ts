import { bodyOf, contentOf, same, usageOf } from "../../model/answers.ts";
import { chat } from "../../model/ask.ts";
import { type Answer, type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import { stopFrom } from "../stop-text.ts";

const of = casesOf("chat", "chat");

/** As many tokens as a limit allows, and the reason that goes with it. */
export function withinLimit(limit: number) {
  return ([answer]: readonly Answer[]): void => {
    const body = bodyOf(answer);
    const { completion } = usageOf(body);
    if (completion > limit) body.at("usage", "completion_tokens").wrong(`must be at most ${limit}`);
    if (completion === limit) body.at("choices", 0, "finish_reason").oneOf(["length", "stop"]);
    else body.at("choices", 0, "finish_reason").is("stop");
  };
}

/** A stop string was taken from an earlier answer to the same. */
export function stopsBefore([before, answer]: readonly Answer[]): void {
  const text = contentOf(bodyOf(before));
  const stop = stopFrom(text);
  const body = bodyOf(answer);
  const got = contentOf(body);
  if (got.includes(stop))
    throw new Deviation(`must end before the stop string ${JSON.stringify(stop)}`, "$.choices[0]");
  same("the text before the stop string", got.trim(), text.slice(0, text.indexOf(stop)).trim());
  body.at("choices", 0, "finish_reason").is("stop");
}

const LONG = { max_tokens: 24 };

/** How long an answer gets. */
export const CHAT_LIMITS: readonly Case[] = [
  of("chat.max_tokens", "must", "max_tokens limits the answer", {
    asks: [chat({ max_tokens: 5 })],
    check: withinLimit(5),
  }),
  of("chat.max_tokens.one", "must", "one token ends with the reason length", {
    asks: [chat({ max_tokens: 1 })],
    check: ([answer]) => {
      const body = bodyOf(answer);
      if (usageOf(body).completion !== 1) body.at("usage", "completion_tokens").wrong("must be 1");
      body.at("choices", 0, "finish_reason").is("length");
    },
  }),
  of("chat.max_completion_tokens", "must", "max_completion_tokens limits the answer", {
    asks: [chat({ max_tokens: undefined, max_completion_tokens: 5 })],
    check: withinLimit(5),
  }),
  of("chat.max_tokens.prefix", "should", "a shorter answer is the beginning of a longer one", {
    asks: [chat({ max_tokens: 4 }), chat({ max_tokens: 12 })],
    check: ([short, long]) => {
      const [begins, whole] = [contentOf(bodyOf(short)), contentOf(bodyOf(long))];
      // What ends within a character of several tokens has a mark in its place.
      const beginning = begins.replace(/\uFFFD{1,8}$/, "");
      if (!whole.startsWith(beginning)) same("the beginning of both", beginning, whole.slice(0, beginning.length));
    },
  }),
  of("chat.min_tokens", "may", "min_tokens is the least that comes", {
    needs: ["min_tokens"],
    asks: [chat({ max_tokens: 12, min_tokens: 12 })],
    check: ([answer]) => {
      const body = bodyOf(answer);
      if (usageOf(body).completion !== 12) body.at("usage", "completion_tokens").wrong("must be 12");
    },
  }),
  of("chat.ignore_eos", "may", "ignore_eos goes on up to max_tokens", {
    needs: ["ignore_eos"],
    asks: [chat({ max_tokens: 20, ignore_eos: true })],
    check: ([answer]) => {
      const body = bodyOf(answer);
      if (usageOf(body).completion !== 20) body.at("usage", "completion_tokens").wrong("must be 20");
      body.at("choices", 0, "finish_reason").is("length");
    },
  }),
  of("chat.stop", "must", "a stop string ends the answer before it", {
    asks: [chat(LONG)],
    next: ([answer]) => [chat({ ...LONG, stop: stopFrom(contentOf(bodyOf(answer))) })],
    check: stopsBefore,
  }),
  of("chat.stop.list", "must", "each of several stop strings ends the answer", {
    asks: [chat(LONG)],
    next: ([answer]) => [chat({ ...LONG, stop: ["\u0001never", stopFrom(contentOf(bodyOf(answer)))] })],
    check: stopsBefore,
  }),
  of("chat.stop.unmet", "must", "a stop string that does not come changes nothing", {
    asks: [chat(), chat({ stop: ["\u0001never"] })],
    check: ([one, other]) => same("the text", contentOf(bodyOf(other)), contentOf(bodyOf(one))),
  }),
  of("chat.stop.four", "should", "four stop strings are taken", {
    asks: [chat({ stop: ["\u0001a", "\u0001b", "\u0001c", "\u0001d"] })],
    check: withinLimit(8),
  }),
];
