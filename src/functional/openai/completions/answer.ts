import { bodyOf, contentOf, refusalOf, same, usageOf } from "../../model/answers.ts";
import { completion } from "../../model/ask.ts";
import type { Answer, Case } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";
import { stopsBefore, withinLimit } from "../chat/limits.ts";
import { stopFrom } from "../stop-text.ts";

const of = casesOf("completions", "completions");
const LONG = { max_tokens: 24 };

const sameText = ([one, other]: readonly Answer[]): void =>
  same("the text", contentOf(bodyOf(one)), contentOf(bodyOf(other)));

/** What a whole completion looks like. */
export const COMPLETION_ANSWER: readonly Case[] = [
  of("completions.answer.object", "must", "an answer is a text_completion with an id", {
    asks: [completion()],
    check: ([answer]) => {
      const body = bodyOf(answer);
      body.at("object").is("text_completion");
      body.at("id").filledText();
    },
  }),
  of("completions.answer.created", "should", "an answer says when it was made", {
    asks: [completion()],
    check: ([answer]) => void bodyOf(answer).at("created").integer(1),
  }),
  of("completions.answer.model", "should", "an answer names the model that was asked for", {
    asks: [completion()],
    check: ([answer], { model }) => bodyOf(answer).at("model").is(model),
  }),
  of("completions.answer.choice", "must", "one choice comes, with index 0 and a text", {
    asks: [completion()],
    check: ([answer]) => {
      const [choice] = bodyOf(answer).at("choices").listOf(1);
      choice!.at("index").is(0);
      choice!.at("text").text();
    },
  }),
  of("completions.answer.finish", "must", "a choice says why it ended", {
    asks: [completion()],
    check: ([answer]) => bodyOf(answer).at("choices", 0, "finish_reason").oneOf(["stop", "length"]),
  }),
  of("completions.answer.usage", "must", "usage counts prompt and completion, and their sum", {
    asks: [completion()],
    check: ([answer]) => void usageOf(bodyOf(answer)),
  }),
  of("completions.max_tokens", "must", "max_tokens limits the answer", {
    asks: [completion({ max_tokens: 5 })],
    check: withinLimit(5),
  }),
  of("completions.max_tokens.one", "must", "one token ends with the reason length", {
    asks: [completion({ max_tokens: 1 })],
    check: ([answer]) => {
      const body = bodyOf(answer);
      if (usageOf(body).completion !== 1) body.at("usage", "completion_tokens").wrong("must be 1");
      body.at("choices", 0, "finish_reason").is("length");
    },
  }),
  of("completions.max_tokens.default", "may", "without max_tokens at most 16 come", {
    asks: [completion({ max_tokens: undefined })],
    check: withinLimit(16),
  }),
  of("completions.stop", "must", "a stop string ends the answer before it", {
    asks: [completion(LONG)],
    next: ([answer]) => [completion({ ...LONG, stop: [stopFrom(contentOf(bodyOf(answer)))] })],
    check: stopsBefore,
  }),
  of("completions.temperature.same", "should", "temperature 0 says the same twice", {
    asks: [completion({ max_tokens: 16 }), completion({ max_tokens: 16 })],
    check: sameText,
  }),
  of("completions.seed.same", "should", "the same seed says the same twice", {
    asks: [1, 2].map(() => completion({ temperature: 1, max_tokens: 16, seed: 5 })),
    check: sameText,
  }),
  of("completions.n", "should", "n answers come, with indices from 0 on", {
    needs: ["completions.n"],
    asks: [completion({ n: 3, temperature: 1 })],
    check: ([answer]) => {
      for (const [at, choice] of bodyOf(answer).at("choices").listOf(3).entries()) choice.at("index").is(at);
    },
  }),
  of("completions.best_of.less", "should", "best_of below n is refused", {
    needs: ["completions.best_of"],
    asks: [completion({ n: 2, best_of: 1 })],
    check: ([answer]) => void refusalOf(answer),
  }),
  of("completions.min_tokens", "may", "min_tokens is the least that comes", {
    needs: ["min_tokens"],
    asks: [completion({ max_tokens: 12, min_tokens: 12 })],
    check: ([answer]) => bodyOf(answer).at("usage", "completion_tokens").is(12),
  }),
  of("completions.two-at-once", "must", "two completions at the same time get an answer each", {
    asks: [completion({ max_tokens: 3 }), completion({ max_tokens: 12 })],
    together: true,
    check: (answers) => {
      withinLimit(3)(answers.slice(0, 1));
      withinLimit(12)(answers.slice(1));
    },
  }),
];
