import { bodyOf, same, usageOf } from "../model/answers.ts";
import { chat, completion, tokenize, user } from "../model/ask.ts";
import type { Case } from "../model/case.ts";
import { casesOf } from "../model/define.ts";

const of = casesOf("tokenize", "tokenize");
const TEXT = "The sea is wide, and 3 ships are on it: Grüße!";
const MESSAGES = [{ role: "system", content: "Be brief." }, user(TEXT)];

/** Usage held against the engine's own tokenizer. */
export const TOKENIZE: readonly Case[] = [
  of("tokenize.count", "may", "/tokenize counts the tokens that it lists", {
    asks: [tokenize({ prompt: TEXT })],
    check: ([answer]) => {
      const body = bodyOf(answer);
      body.at("count").is(body.at("tokens").list().length);
    },
  }),
  of("tokenize.ids", "may", "tokens are whole numbers", {
    asks: [tokenize({ prompt: TEXT })],
    check: ([answer]) => {
      for (const id of bodyOf(answer).at("tokens").list()) id.integer();
    },
  }),
  of("tokenize.completion", "should", "usage of a completion is what /tokenize counts", {
    needs: ["completions"],
    asks: [tokenize({ prompt: TEXT }), completion({ prompt: TEXT })],
    check: ([counted, answer]) => bodyOf(answer).at("usage", "prompt_tokens").is(bodyOf(counted).at("count").integer()),
  }),
  of("tokenize.chat", "should", "usage of a chat is what /tokenize counts for its messages", {
    needs: ["chat"],
    asks: [tokenize({ messages: MESSAGES }), chat({ messages: MESSAGES })],
    check: ([counted, answer]) => bodyOf(answer).at("usage", "prompt_tokens").is(bodyOf(counted).at("count").integer()),
  }),
  of("tokenize.round", "may", "/detokenize gives the text back", {
    needs: ["detokenize"],
    asks: [tokenize({ prompt: TEXT, add_special_tokens: false })],
    next: ([answer]) => [{ method: "POST", path: "/detokenize", body: { tokens: bodyOf(answer).at("tokens").value } }],
    check: ([, answer]) => same("the text", bodyOf(answer).at("prompt").text().trim(), TEXT),
  }),
  of("tokenize.prompt-ids", "may", "the ids of a prompt make a prompt of as many tokens", {
    needs: ["completions", "completions.token_ids"],
    asks: [tokenize({ prompt: TEXT })],
    next: ([answer]) => [completion({ prompt: bodyOf(answer).at("tokens").value })],
    check: ([counted, answer]) => same("the count", usageOf(bodyOf(answer)).prompt, bodyOf(counted).at("count").value),
  }),
];
