import { bodyOf, contentOf, deltasOf, eventsOf, refusalOf, usageOf } from "../../model/answers.ts";
import { chat, chatStream } from "../../model/ask.ts";
import { type Answer, type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import type { Found } from "../../model/found.ts";

const of = casesOf("chat", "chat", "chat.logprobs");
const ASKED = { logprobs: true, top_logprobs: 3 };

/** The entry of each token, of which there must be some. */
function entriesOf([answer]: readonly Answer[]): Found[] {
  const content = bodyOf(answer).at("choices", 0, "logprobs", "content");
  const entries = content.list();
  return entries.length > 0 ? entries : content.wrong("must have an entry a token");
}

/** A logarithm of a probability; servers write −9999 for none, and may be a rounding above 0. */
function logarithm(found: Found): number {
  const value = found.number();
  return value <= 1e-6 ? value : found.wrong("must be 0 or less");
}

/** Probabilities of the tokens of a chat. */
export const CHAT_LOGPROBS: readonly Case[] = [
  of("chat.logprobs.count", "must", "each token of the answer has an entry", {
    asks: [chat({ ...ASKED, max_tokens: 6 })],
    check: (answers) => {
      const { completion } = usageOf(bodyOf(answers[0]));
      const count = entriesOf(answers).length;
      // The token that ends an answer is counted, and has an entry or none.
      if (count !== completion && count !== completion - 1) {
        throw new Deviation(
          `${completion} tokens must have an entry each, but ${count} have`,
          "$.choices[0].logprobs.content",
        );
      }
    },
  }),
  of("chat.logprobs.token", "must", "each entry has its token's text", {
    asks: [chat(ASKED)],
    check: (answers) => {
      for (const entry of entriesOf(answers)) entry.at("token").text();
    },
  }),
  of("chat.logprobs.number", "must", "each entry has a logarithm of 0 or less", {
    asks: [chat(ASKED)],
    check: (answers) => {
      for (const entry of entriesOf(answers)) logarithm(entry.at("logprob"));
    },
  }),
  of("chat.logprobs.bytes", "should", "each entry has its token's bytes, or null", {
    asks: [chat(ASKED)],
    check: (answers) => {
      for (const entry of entriesOf(answers)) {
        const bytes = entry.at("bytes");
        if (bytes.value !== null) for (const byte of bytes.list()) byte.integer();
      }
    },
  }),
  of("chat.logprobs.text", "should", "the tokens' texts add up to the content", {
    asks: [chat(ASKED)],
    check: (answers) => {
      const text = entriesOf(answers)
        .map((entry) => entry.at("token").text())
        .join("");
      const content = contentOf(bodyOf(answers[0]));
      // Each of the tokens of one character has a mark in its place, and so has a token that is not shown.
      if ([text, content].some((one) => one.includes("\uFFFD") || one.includes("<"))) return;
      if (text.trim() !== content.trim())
        throw new Deviation("must add up to the content", "$.choices[0].logprobs.content");
    },
  }),
  of("chat.logprobs.top", "must", "top_logprobs gives so many other tokens", {
    asks: [chat(ASKED)],
    check: (answers) => {
      for (const entry of entriesOf(answers)) {
        const top = entry.at("top_logprobs");
        // With the token that was taken where it is none of them.
        if (top.list().length < 3 || top.list().length > 4) top.wrong("must have 3 entries");
      }
    },
  }),
  of("chat.logprobs.top.entry", "must", "each of them has text and logarithm", {
    asks: [chat(ASKED)],
    check: (answers) => {
      for (const one of entriesOf(answers).flatMap((entry) => entry.at("top_logprobs").list())) {
        one.at("token").text();
        logarithm(one.at("logprob"));
      }
    },
  }),
  of("chat.logprobs.greedy", "should", "at temperature 0 the likeliest token is taken", {
    asks: [chat(ASKED)],
    check: (answers) => {
      for (const entry of entriesOf(answers)) {
        const most = Math.max(
          ...entry
            .at("top_logprobs")
            .list()
            .map((one) => one.at("logprob").number()),
        );
        if (entry.at("logprob").number() < most - 1e-3) entry.at("logprob").wrong(`must be the highest, ${most}`);
      }
    },
  }),
  of("chat.logprobs.none-on-top", "should", "logprobs without top_logprobs are taken", {
    asks: [chat({ logprobs: true })],
    check: (answers) => {
      for (const entry of entriesOf(answers)) logarithm(entry.at("logprob"));
    },
  }),
  of("chat.logprobs.unasked", "must", "without being asked for there are none", {
    asks: [chat()],
    check: ([answer]) => bodyOf(answer).at("choices", 0, "logprobs").nothing(),
  }),
  of("chat.logprobs.stream", "must", "the pieces of a stream have theirs", {
    asks: [chatStream({ ...ASKED, max_tokens: 6 })],
    check: ([answer]) => {
      const entries = deltasOf(eventsOf(answer)).flatMap((choice) => {
        const content = choice.at("logprobs", "content");
        return content.isNothing() ? [] : content.list();
      });
      if (entries.length === 0) throw new Deviation("the stream must have logprobs");
      for (const entry of entries) logarithm(entry.at("logprob"));
    },
  }),
  of("chat.logprobs.too-many", "should", "top_logprobs beyond any limit is refused", {
    asks: [chat({ logprobs: true, top_logprobs: 100_000 })],
    check: ([answer]) => void refusalOf(answer),
  }),
  of("chat.logprobs.top-alone", "should", "top_logprobs without logprobs is refused", {
    asks: [chat({ logprobs: false, top_logprobs: 2 })],
    check: ([answer]) => void refusalOf(answer),
  }),
];
