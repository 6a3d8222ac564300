import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DONE, token, usage } from "../../scripted-server.ts";
import { completionOf, data, delta, EVENTS, given, reads, whole } from "./answers.ts";

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
    const begins = 'data: {"x":"';
    expect(endless.problem(3, EVENTS)).toBe(
      `too_large: an event is longer than 1 MiB; it begins: ${begins}${"y".repeat(200 - begins.length)}…`,
    );
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
