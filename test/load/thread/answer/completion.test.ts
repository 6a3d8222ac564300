import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Completion } from "../../../../src/load/thread/answer/completion.ts";
import { DONE, token, usage } from "../../scripted-server.ts";

interface Read {
  bytes: Buffer;
  at: number;
}

/** Reads one at a time, each a millisecond after the one before. */
const reads = (...parts: (string | Buffer)[]): Read[] =>
  parts.map((part, index) => ({ bytes: Buffer.from(part as string), at: index + 1 }));

const EVENTS = { contentType: "text/event-stream", contentEncoding: undefined };

/** The answer as it stands once its body has ended. */
function completionOf(all: readonly Read[], asked: number): Completion {
  const completion = new Completion(asked);
  for (const { bytes, at } of all) completion.read(bytes, 0, bytes.length, at);
  completion.problem(asked, EVENTS);
  return completion;
}

const given = (...parts: (string | Buffer)[]) => completionOf(reads(...parts), 3);
const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (content: object, rest: object = {}) =>
  data({ choices: [{ index: 0, delta: content, finish_reason: null, ...rest }] });
const whole = (completion: Completion, asked = 3) => ({
  times: [...completion.log.times],
  tokens: completion.log.tokens === undefined ? undefined : [...completion.log.tokens],
  inputTokens: completion.inputTokens,
  outputTokens: completion.outputTokens,
  finishReason: completion.finishReason,
  problem: completion.problem(asked, EVENTS),
});

describe("a good answer", () => {
  test("has a time for each token event, its counts, and no problem", () => {
    const completion = given(token("a"), token("b"), token("c", "length"), usage(5, 3), DONE);
    expect(whole(completion)).toEqual({
      times: [1, 2, 3],
      tokens: undefined,
      inputTokens: 5,
      outputTokens: 3,
      finishReason: "length",
      problem: null,
    });
  });

  test("counts an event without text: random tokens often decode to none", () =>
    expect(given(token(""), token(""), token("", "length"), usage(5, 3), DONE).log.count).toBe(3));

  test("may end with [DONE] alone, or with a finish reason alone", () => {
    expect(given(token(), token(), token(), usage(5, 3), DONE).problem(3, EVENTS)).toBeNull();
    expect(given(token(), token(), token("x", "stop"), usage(5, 3)).problem(3, EVENTS)).toBeNull();
  });

  test("is one read where its events came together, with one time", () => {
    const completion = given(token() + token(), token("x", "length") + usage(5, 3) + DONE);
    expect([[...completion.log.times], completion.log.reads]).toEqual([[1, 1, 2], 2]);
  });

  test("gets the time of the read that completes an event", () => {
    const event = token();
    const completion = given(event.slice(0, 9), event.slice(9), usage(5, 1), DONE);
    expect([[...completion.log.times], completion.log.reads]).toEqual([[2], 1]);
  });
});

describe("a chat answer", () => {
  const role = delta({ role: "assistant", content: "" });

  test("does not count the event that only names the role", () => {
    const completion = given(role, delta({ content: "Hi" }), delta({ content: "!" }, { finish_reason: "length" }));
    expect([...completion.log.times]).toEqual([2, 3]);
  });

  test.each([
    ["text", { role: "assistant", content: "Hi" }],
    ["reasoning", { role: "assistant", reasoning: "Let me see" }],
    ["tool calls", { role: "assistant", tool_calls: [{ index: 0 }] }],
  ])("counts it when it brings %s as well", (_what, content) => expect(given(delta(content)).log.count).toBe(1));

  test("takes an event that both opens and ends the answer for a token where the engine counted one", () => {
    const only = delta({ role: "assistant", content: "" }, { finish_reason: "stop" });
    expect(given(only, usage(5, 1)).log.count).toBe(1);
    expect(given(only, usage(5, 0)).log.count).toBe(0);
    expect(given(only).log.count).toBe(0);
  });

  test("has one opening: an empty event behind it is a token, whatever its role", () => {
    const nothing = delta({ role: "assistant", content: null });
    expect(
      whole(given(nothing, nothing, delta({}), delta({ content: "t" }, { finish_reason: "length" }), usage(5, 3))),
    ).toMatchObject({ times: [2, 3, 4], problem: null });
  });

  test("may have no choice of the form that it should have", () => {
    for (const choice of [7, "x", [], { delta: 7 }, { delta: "x" }, { text: 7 }, { delta: { content: 7 } }]) {
      const completion = given(
        data({ choices: [choice] }),
        delta({ content: "t" }),
        delta({ content: "t" }),
        usage(5, 2),
        DONE,
      );
      expect(completion.log.count).toBe(2);
    }
  });
});

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

describe("what is no good answer", () => {
  const error = { message: "EngineCore died", type: "InternalServerError", code: 500 };

  test.each([
    ["nothing at all", [], "cut_off: the answer ended without a token"],
    ["an end without a token", [usage(5, 0), DONE], "cut_off: the answer ended without a token"],
    ["no end", [token(), usage(5, 3)], "cut_off: the stream ended without a finish reason or [DONE]"],
    ["no usage", [token("x", "length"), DONE], "wrong_length: the engine did not report its usage"],
    ["too few tokens", [token("x", "stop"), usage(5, 1), DONE], "wrong_length: 1 tokens came where 3 were asked for"],
    ["an error", [token(), data({ error }), DONE], "in_stream_error: EngineCore died"],
    ["an error that is a word", [data({ error: "busy" })], "in_stream_error: busy"],
    ["an error of another form", [data({ error: { code: 500 } })], 'in_stream_error: {"code":500}'],
    ["an error among other fields", [data({ code: 500, detail: [{ msg: "no" }] })], 'in_stream_error: [{"msg":"no"}]'],
    ["an error inside an error", [data({ error: { error: { message: "deep" } } })], "in_stream_error: deep"],
    ["an error event without a word", [token(), "event: error\n\n", DONE], "in_stream_error: no message"],
    [
      "an end by an error",
      [token("x", "error"), usage(5, 3), DONE],
      "in_stream_error: the engine ended the answer with the finish reason error",
    ],
    ["two errors", [data({ error: "first" }), data({ error: "second" })], "in_stream_error: first"],
    ["an event that is no object", ["data: 7\n\n"], "in_stream_error: an event is no JSON object: 7"],
  ])("%s", (_what, parts, problem) => expect(given(...parts).problem(3, EVENTS)).toBe(problem));

  test("an event that is not JSON", () =>
    expect(given(token(), "data: {oops\n\n").problem(3, EVENTS)).toMatch(/^in_stream_error: an event is not JSON: /));

  test.each([null, false, ""])("an error of %j is none, as some servers send it", (none) =>
    expect(given(data({ error: none, choices: [{ text: "x" }] })).streamError).toBeUndefined(),
  );

  test("an event of another kind may hold anything", () =>
    expect(
      given("event: ping\ndata: now\n\n", 'event: ping\ndata: {"message":"hi"}\n\n', "event: ping\ndata: 7\n\n")
        .streamError,
    ).toBeUndefined());

  test("an endless event is given up", () => {
    const endless = given(token(), `data: {"x":"${"y".repeat(9 << 20)}`);
    expect(endless.problem(3, EVENTS)).toBe("in_stream_error: an event is longer than 8 MiB");
  });

  test.each([
    ["no choices", {}],
    ["choices of null", { choices: null }],
    ["a choice of null", { choices: [null] }],
    ["no choice", { choices: [], usage: null }],
    ["a list", []],
  ])("an event with %s is passed over", (_what, chunk) => {
    const completion = given(data(chunk), token(), token(), token("x", "length"), usage(5, 3), DONE);
    expect(whole(completion)).toMatchObject({ times: [2, 3, 4], problem: null });
  });
});

test("more tokens than were asked for are all kept", () => {
  const completion = completionOf(reads(...Array(50).fill(token()), usage(5, 50), DONE), 3);
  expect([completion.log.count, completion.problem(3, EVENTS)]).toEqual([
    50,
    "wrong_length: 50 tokens came where 3 were asked for",
  ]);
});

describe.each([
  { file: "stream_completions.sse", tokens: 4 },
  { file: "stream_chat.sse", tokens: 4 },
])("vLLM's own $file", ({ file, tokens }) => {
  const recorded = readFileSync(new URL(`../../../fixtures/vllm-0.32.0/${file}`, import.meta.url));
  const text = recorded.toString("utf8");
  const asked = completionOf(reads(recorded), 1).outputTokens!;
  const uncut = whole(completionOf([{ bytes: recorded, at: 1 }], asked), asked);
  const same = (...parts: Buffer[]) => {
    const all = parts.map((bytes) => ({ bytes, at: 1 }));
    expect(whole(completionOf(all, asked), asked)).toEqual(uncut);
  };

  test("is a good answer", () => {
    expect(uncut).toMatchObject({ problem: null, outputTokens: asked });
    expect(uncut.times).toHaveLength(tokens);
  });

  test("is the same wherever it is cut in two", () => {
    for (let at = 0; at <= recorded.length; at++) same(recorded.subarray(0, at), recorded.subarray(at));
  });

  test("is the same when every byte comes alone, or in any pieces", () => {
    same(...Array.from(recorded, (byte) => Buffer.of(byte)));
    fc.assert(
      fc.property(fc.array(fc.nat(recorded.length)), (places) => {
        const at = [0, ...places, recorded.length].toSorted((a, b) => a - b);
        same(...at.slice(1).map((end, index) => recorded.subarray(at[index], end)));
      }),
    );
  });

  test.each([
    ["CRLF", text.replaceAll("\n", "\r\n")],
    ["CR", text.replaceAll("\n", "\r")],
    ["a byte order mark", `\u{FEFF}${text}`],
    ["comments and other fields", text.replaceAll("data:", ": ping\nid: 7\nevent: message\ndata:")],
    ["no space after the colon", text.replaceAll("data: ", "data:")],
    [
      "text of several bytes a character",
      text.replaceAll(/(?<!"assistant",)"(text|content)":"[^"]*"/g, '"$1":"größe 🙂 日本"'),
    ],
  ])("is the same with %s, wherever it is cut", (_what, changed) => {
    const bytes = Buffer.from(changed);
    expect(bytes.equals(recorded)).toBe(false);
    for (let at = 0; at <= bytes.length; at++) same(bytes.subarray(0, at), bytes.subarray(at));
  });
});
