import { describe, expect, test } from "vitest";
import { DONE, token, usage } from "../../scripted-server.ts";
import { data, delta, EVENTS, given, whole } from "./answers.ts";

describe("an event with the finish reason and without content", () => {
  const piece = (text: string, finish: string | null = null) => token(text, finish);
  const counted = (event: string, completionTokens: number) =>
    event.replace(/}\n\n$/, `,"usage":{"completion_tokens":${completionTokens}}}\n\n`);
  const bare = delta({}, { finish_reason: "length" });

  test.each([
    ["one short: a token, at its own time", [piece("a"), piece("b"), piece("", "length")], 3, [1, 2, 3]],
    ["none short: no token", [piece("a"), piece("b"), piece("", "length")], 2, [1, 2]],
    [
      "several short, an empty text: the last of several tokens",
      [piece("a"), piece("b"), piece("", "length")],
      21,
      [1, 2, 3],
    ],
    ["several short, nothing at all: no token", [delta({ content: "a" }), delta({ content: "b" }), bare], 21, [1, 2]],
    ["one short, nothing at all: a token", [delta({ content: "a" }), delta({ content: "b" }), bare], 3, [1, 2, 3]],
    ["twice: one token at most", [delta({ content: "a" }), bare, bare], 2, [1, 2]],
    ["before more content: no token", [delta({ content: "a" }), bare, delta({ content: "b" })], 3, [1, 3]],
    ["too many already: no token", [piece("a"), piece("b"), piece("", "length")], 1, [1, 2]],
  ])("%s", (_what, events, tokens, times) => {
    expect([...given(...events, usage(5, tokens), DONE).log.times]).toEqual(times);
  });

  test.each([
    ["one short: a token", 3, [1, 2, 3]],
    ["none short: no token", 2, [1, 2]],
    ["several short: no token, for such servers keep the end apart and join the bytes of a character", 21, [1, 2]],
  ])("that alone tells the count, %s", (_what, tokens, times) => {
    const completion = given(piece("a"), piece("b"), counted(piece("", "length"), tokens), DONE);
    expect([...completion.log.times]).toEqual(times);
  });

  test("holds what is left where every event told its count", () => {
    const events = [counted(delta({ content: "a" }), 1), counted(delta({ content: "b" }), 11), counted(bare, 13)];
    expect(whole(given(...events, usage(5, 13), DONE), 13)).toMatchObject({
      times: [1, 2, 3],
      tokens: [1, 10, 2],
      problem: null,
    });
  });
});

describe("usage with every event", () => {
  const counted = (completionTokens: number, finish: string | null = null) =>
    data({
      choices: [{ text: "x", finish_reason: finish }],
      usage: { prompt_tokens: 5, completion_tokens: completionTokens },
    });

  test("tells how many tokens each event carried", () => {
    const completion = given(counted(2), counted(3), counted(7, "length"), usage(5, 7), DONE);
    expect(whole(completion, 7)).toMatchObject({ tokens: [2, 1, 4], outputTokens: 7, problem: null });
  });

  test("is not kept where every event carried one", () => {
    const completion = given(counted(1), counted(2), counted(3, "length"), usage(5, 3), DONE);
    expect(whole(completion)).toMatchObject({ tokens: undefined, problem: null });
  });

  test("counts nothing for the role of a chat answer", () => {
    const opening = { choices: [{ delta: { role: "assistant", content: "" } }], usage: { completion_tokens: 0 } };
    const completion = given(data(opening), counted(2), counted(3, "length"));
    expect(whole(completion)).toMatchObject({ times: [2, 3], tokens: [2, 1], problem: null });
  });
});

describe("usage that does not add up", () => {
  const at = (completionTokens: unknown, text = "x") =>
    data({ choices: [{ text }], usage: { prompt_tokens: 5, completion_tokens: completionTokens } });

  test("of the last event alone says nothing of the single events", () =>
    expect(whole(given(token(), token(), at(9), DONE), 9)).toMatchObject({
      times: [1, 2, 3],
      tokens: undefined,
      problem: null,
    }));

  test("goes never below zero", () =>
    expect(whole(given(at(3), at(1), at(3), usage(5, 3), DONE))).toMatchObject({ tokens: [3, 0, 0], problem: null }));

  test.each([-1, 1.5, "3", 1e300, null, {}])("with %j for a count is none", (count) =>
    expect(given(token(), at(count), DONE).problem(3, EVENTS)).toBe(
      "wrong_length: the engine did not report its usage",
    ),
  );

  test("with fewer tokens than events fails the request and names both", () =>
    expect(given(token(), token(), token(), token("x", "length"), usage(5, 3)).problem(3, EVENTS)).toBe(
      "wrong_events: 4 token events came for 3 tokens",
    ));
});
