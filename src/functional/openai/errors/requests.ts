import { answerOf, bodyOf, refusalOf } from "../../model/answers.ts";
import { CHAT_PATH, chat, completion, get, user } from "../../model/ask.ts";
import { type Answer, type Ask, type Case, Deviation } from "../../model/case.ts";
import { casesOf } from "../../model/define.ts";

const of = casesOf("errors");
const ofChat = casesOf("errors", "chat");
const refused = ([answer]: readonly Answer[]): void => void refusalOf(answer);
const BAD = chat({ temperature: -1 });
const raw = (body: string, contentType?: string): Ask => ({
  ...{ method: "POST", path: CHAT_PATH, body },
  ...(contentType === undefined ? {} : { contentType }),
});

const badMessages = (id: string, title: string, messages: unknown, severity: Case["severity"] = "must") =>
  ofChat(`errors.messages.${id}`, severity, title, { asks: [chat({ messages })], check: refused });

/** Tokens that no model takes whose length nobody tells. */
const LONG_CONTEXT = 300_000;

/** Nobody serves it: 404, or 405 where the path has another method. */
function notServed([answer]: readonly Answer[]): void {
  const { status } = answerOf(answer);
  if (status !== 404 && status !== 405) throw new Deviation(`must be HTTP 404 or 405, but the status is ${status}`);
}

/** Requests that are none, and what a refusal looks like. */
export const BAD_REQUESTS: readonly Case[] = [
  badMessages("missing", "a chat without messages is refused", undefined),
  badMessages("text", "messages that are a text are refused", "Hi"),
  badMessages("content", "a content that is a number is refused", [user(7)]),
  badMessages("part", "a content part of an unknown kind is refused", [user([{ type: "smell", smell: "salt" }])]),
  badMessages("no-role", "a message without a role is refused", [{ content: "Hi" }]),
  badMessages("empty", "a chat of no messages is refused", [], "should"),
  ofChat("errors.model", "must", "a model that is not served is refused with 404", {
    asks: [chat({ model: "no-such-model" })],
    check: ([answer]) => void refusalOf(answer, 404),
  }),
  casesOf("errors", "completions")("errors.model.completion", "must", "so it is for completions", {
    asks: [completion({ model: "no-such-model" })],
    check: ([answer]) => void refusalOf(answer, 404),
  }),
  ofChat("errors.json", "must", "a body that is no JSON is refused", {
    asks: [raw('{"model": "x", "messages": [')],
    check: refused,
  }),
  ofChat("errors.json.list", "must", "a body that is a list is refused", { asks: [raw("[]")], check: refused }),
  ofChat("errors.json.none", "must", "an empty body is refused", { asks: [raw("")], check: refused }),
  ofChat("errors.type", "should", "a body of another content type is refused", {
    asks: [raw("model=x", "application/x-www-form-urlencoded")],
    check: refused,
  }),
  ofChat("errors.method", "must", "GET of chats is refused with 405 or 404", {
    asks: [get(CHAT_PATH)],
    check: notServed,
  }),
  of("errors.path", "must", "a path that there is not is refused with 404", {
    asks: [get("/v1/no-such-path")],
    check: notServed,
  }),
  ofChat("errors.too-long", "must", "a prompt beyond the context is refused, not cut", {
    asks: ({ maxModelLen }) => [chat({ messages: [user("tide ".repeat((maxModelLen ?? LONG_CONTEXT) + 1))] })],
    check: refused,
  }),
  ofChat("errors.body.message", "should", "a refusal has OpenAI's error.message", {
    asks: [BAD],
    check: ([answer]) => void refusalOf(answer).at("error", "message").filledText(),
  }),
  ofChat("errors.body.type", "should", "a refusal has error.type", {
    asks: [BAD],
    check: ([answer]) => void refusalOf(answer).at("error", "type").filledText(),
  }),
  ofChat("errors.body.status", "should", "a bad value is HTTP 400", {
    asks: [BAD],
    check: ([answer]) => void refusalOf(answer, 400),
  }),
  ofChat("errors.body.json", "must", "a refusal is JSON by its content type", {
    asks: [BAD],
    check: ([answer]) => {
      const { contentType } = answerOf(answer);
      if (!contentType.startsWith("application/json")) {
        throw new Deviation(`must be application/json, but the content type is “${contentType}”`);
      }
    },
  }),
  ofChat("errors.after", "must", "after a refusal the next request is answered", {
    asks: [BAD, chat()],
    check: ([bad, good]) => {
      refusalOf(bad);
      bodyOf(good);
    },
  }),
  of("errors.key.missing", "must", "a request without the key is refused", {
    needs: ["auth"],
    asks: [{ ...get("/v1/models"), key: null }],
    check: ([answer]) => void refusalOf(answer, 401, 403),
  }),
  of("errors.key.wrong", "must", "a request with another key is refused", {
    needs: ["auth"],
    asks: [{ ...get("/v1/models"), key: "no-such-key" }],
    check: ([answer]) => void refusalOf(answer, 401, 403),
  }),
];
