import { expect, test } from "vitest";
import { answerIn } from "../../../src/accuracy/ask/answer.ts";

const ok = (body: unknown) => answerIn({ status: 200, text: JSON.stringify(body) });
const chat = (content: unknown, finish_reason: unknown = "stop") =>
  ok({ choices: [{ index: 0, message: { role: "assistant", content }, finish_reason }] });

test("the text of a chat's and of a completion's first choice is the answer", () => {
  expect(chat("Paris")).toEqual({ kind: "answered", text: "Paris" });
  expect(ok({ choices: [{ text: " Paris", finish_reason: "stop" }] })).toEqual({ kind: "answered", text: " Paris" });
});

test("an answer cut at the limit says so", () =>
  expect(chat("It is Par", "length")).toEqual({ kind: "answered", text: "It is Par", truncated: true }));

test("nothing said by a model that ended by itself is an answer, if a poor one", () =>
  expect(chat("")).toEqual({ kind: "answered", text: "" }));

test.for<[string, () => unknown]>([
  ["http_error", () => answerIn({ status: 500, text: "oh" })],
  ["http_error", () => answerIn({ status: 401, text: "" })],
  ["not_json", () => answerIn({ status: 200, text: "<html>" })],
  ["not_json", () => ok("text")],
  ["error_body", () => ok({ error: { message: "EngineCore died" }, choices: [] })],
  ["no_choices", () => ok({ id: "x" })],
  ["no_choices", () => ok({ choices: [] })],
  ["no_choices", () => ok({ choices: null })],
  ["no_text", () => chat(null)],
  ["no_text", () => chat(null, "tool_calls")],
  ["no_text", () => ok({ choices: [{ finish_reason: "stop" }] })],
  ["no_text", () => chat([{ type: "text", text: "Paris" }])],
  ["empty", () => chat("", "length")],
  ["empty", () => chat(" \n", null)],
  ["only_reasoning", () => chat("<think>France, so", "length")],
  ["aborted", () => chat("Par", "abort")],
])("%s: no answer to grade", ([why, answer]) => expect(answer()).toMatchObject({ kind: "unanswered", why }));

test("reasoning that a server does not set apart is no part of the answer", () => {
  expect(chat("<think>Is it Lyon? No.</think>\n\nParis")).toEqual({ kind: "answered", text: "\n\nParis" });
  expect(chat("It was Lyon.</think>Paris")).toEqual({ kind: "answered", text: "Paris" });
});
