import { bodyOf, contentOf, deltasOf, eventsOf, refusalOf, usageOf } from "../../model/answers.ts";
import { completion, completionStream } from "../../model/ask.ts";
import { type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";

const of = casesOf("completions", "completions", "completions.logprobs");
const ASKED = completion({ logprobs: 2, max_tokens: 6 });
const LOGPROBS = ["choices", 0, "logprobs"] as const;

/** Probabilities of the tokens of a completion. */
export const COMPLETION_LOGPROBS: readonly Case[] = [
  of("completions.logprobs.tokens", "must", "each token of the answer is listed", {
    asks: [ASKED],
    check: ([answer]) => {
      const body = bodyOf(answer);
      const { completion: count } = usageOf(body);
      const { length } = body.at(...LOGPROBS, "tokens").list();
      // The token that ends an answer is counted, and has an entry or none.
      if (length !== count && length !== count - 1) body.at(...LOGPROBS, "tokens").wrong(`must be ${count} tokens`);
    },
  }),
  of("completions.logprobs.numbers", "must", "each token has a logarithm of 0 or less", {
    asks: [ASKED],
    check: ([answer]) => {
      for (const one of bodyOf(answer)
        .at(...LOGPROBS, "token_logprobs")
        .list()) {
        if (one.number() > 1e-6) one.wrong("must be 0 or less");
      }
    },
  }),
  of("completions.logprobs.columns", "must", "tokens, logarithms and offsets have the same length", {
    asks: [ASKED],
    check: ([answer]) => {
      const logprobs = bodyOf(answer).at(...LOGPROBS);
      const { length } = logprobs.at("tokens").list();
      for (const key of ["token_logprobs", "text_offset", "top_logprobs"]) logprobs.at(key).listOf(length);
    },
  }),
  of("completions.logprobs.top", "must", "logprobs 2 gives so many other tokens", {
    asks: [ASKED],
    check: ([answer]) => {
      for (const one of bodyOf(answer)
        .at(...LOGPROBS, "top_logprobs")
        .list()) {
        const names = Object.keys(one.object().value as object);
        // Two tokens may have the same text; the token that was taken may come on top.
        if (names.length < 1 || names.length > 3) one.wrong("must have 2 entries");
      }
    },
  }),
  of("completions.logprobs.offsets", "should", "offsets are places in the text", {
    asks: [ASKED],
    check: ([answer]) => {
      const body = bodyOf(answer);
      const { length } = contentOf(body);
      let before = 0;
      for (const offset of body.at(...LOGPROBS, "text_offset").list()) {
        if (offset.integer() < before) offset.wrong(`must be ${before} or more`);
        if (offset.integer() > length) offset.wrong(`must be at most ${length}, the length of the text`);
        before = offset.integer();
      }
    },
  }),
  of("completions.logprobs.zero", "should", "logprobs 0 gives those of the chosen tokens", {
    asks: [completion({ logprobs: 0 })],
    check: ([answer]) => {
      const numbers = bodyOf(answer).at(...LOGPROBS, "token_logprobs");
      if (numbers.list().length === 0) numbers.wrong("must have a number a token");
    },
  }),
  of("completions.logprobs.unasked", "must", "without being asked for there are none", {
    asks: [completion()],
    check: ([answer]) =>
      bodyOf(answer)
        .at(...LOGPROBS)
        .nothing(),
  }),
  of("completions.logprobs.echo", "should", "with echo the prompt's tokens are listed, too", {
    needs: ["completions.echo"],
    asks: [completion({ logprobs: 1, echo: true })],
    check: ([answer]) => {
      const body = bodyOf(answer);
      const { prompt } = usageOf(body);
      const tokens = body.at(...LOGPROBS, "tokens");
      if (tokens.list().length <= prompt) tokens.wrong(`must be more than the ${prompt} of the prompt`);
    },
  }),
  of("completions.logprobs.stream", "must", "the pieces of a stream have theirs", {
    asks: [completionStream({ logprobs: 2 })],
    check: ([answer]) => {
      const count = deltasOf(eventsOf(answer)).flatMap((choice) => {
        const tokens = choice.at("logprobs", "tokens");
        return tokens.isNothing() ? [] : tokens.list();
      }).length;
      if (count === 0) throw new Deviation("the stream must have logprobs");
    },
  }),
  of("completions.logprobs.too-many", "should", "logprobs beyond any limit are refused", {
    asks: [completion({ logprobs: 100_000 })],
    check: ([answer]) => void refusalOf(answer),
  }),
];
