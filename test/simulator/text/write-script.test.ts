import { expect, test } from "vitest";
import { piecesOfText } from "../../../src/simulator/text/pseudo-tokens.ts";
import { firstTokens, messageOf } from "../../../src/simulator/text/script.ts";
import { wordsOf } from "../../../src/simulator/text/words.ts";
import { type Draft, type Limits, writeScript } from "../../../src/simulator/text/write-script.ts";

const LIMITS: Limits = { maxTokens: 50, minTokens: 0, ignoreEos: false, stop: [], showStop: false, stopIds: new Set() };
const words = wordsOf(false);
const saying = (text: string, ends: Draft["ends"] = "freely"): Draft => ({
  tokens: piecesOfText(text),
  words,
  ends,
  finish: "stop",
});

function written(draft: Draft, limits: Partial<Limits>) {
  const script = writeScript(draft, { ...LIMITS, ...limits });
  const { content } = messageOf(firstTokens(script, script.length));
  return { content, tokens: script.length, finish: script.finish, reason: script.stopReason };
}

test("words go on until there are as many as asked for", () => {
  const { content, ...rest } = written({ ...saying("", "never") }, { maxTokens: 9 });
  expect(rest).toEqual({ tokens: 9, finish: "length", reason: null });
  expect(content).toBe(" this answer is simulated and means nothing this answer");
});

test("a text ends with a token of its own, which is seen by its number only", () => {
  expect(written(saying("12345678"), {})).toEqual({ content: "12345678", tokens: 3, finish: "stop", reason: null });
});

test("a text that is longer than allowed ends in its middle", () => {
  expect(written(saying("12345678"), { maxTokens: 1 })).toMatchObject({ content: "1234", finish: "length" });
  expect(written(saying("12345678"), { maxTokens: 2 })).toMatchObject({ content: "12345678", finish: "length" });
});

test("a text goes on when the request ignores its end or wants more tokens, unless it is bound to a form", () => {
  expect(written(saying("1234"), { ignoreEos: true, maxTokens: 3 })).toMatchObject({ content: "1234 this answer" });
  expect(written(saying("1234"), { minTokens: 2 })).toMatchObject({ content: "1234 this", tokens: 3, finish: "stop" });
  expect(written(saying("1234", "strictly"), { minTokens: 9 })).toMatchObject({ content: "1234", tokens: 2 });
});

test("a stop string ends an answer at its beginning, or at its end when it is to be shown", () => {
  const stopped = { tokens: 4, finish: "stop", reason: "mula" };
  const draft = saying("", "never");
  expect(written(draft, { stop: ["nothing here", "mula"] })).toEqual({ content: " this answer is si", ...stopped });
  expect(written(draft, { stop: ["mula"], showStop: true })).toEqual({ content: " this answer is simula", ...stopped });
});

test("a stop string that two tokens make together is found, and none of it shown", () => {
  expect(written(saying("", "never"), { stop: ["er is"] })).toMatchObject({ content: " this answ", tokens: 3 });
});

test("a stop string among the least tokens is passed over", () => {
  const { content, tokens } = written(saying("", "never"), { stop: ["answer"], minTokens: 3 });
  expect(content).toBe(" this answer is simulated and means nothing this ");
  expect(tokens).toBe(9);
});

test("a stop token ends an answer and is not shown", () => {
  const id = words[2]!.id;
  expect(written(saying("", "never"), { stopIds: new Set([id]) })).toEqual({
    content: " this answer",
    tokens: 3,
    finish: "stop",
    reason: id,
  });
  expect(written(saying("", "never"), { stopIds: new Set([id]), showStop: true }).content).toBe(" this answer is");
});
