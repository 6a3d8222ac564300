import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventStream } from "../../../src/load/http/event-stream.ts";

function eventsOf(...chunks: (string | Uint8Array)[]): string[] {
  const events: string[] = [];
  const stream = new EventStream({
    takeKnown: (_bytes, start) => start,
    onEvent: (data, type) => void events.push(type === undefined ? data : `${type}: ${data}`),
    onErrorLine: (text) => void events.push(`error line: ${text}`),
  });
  for (const chunk of chunks) stream.push(Buffer.from(chunk as string));
  return events;
}

/** All ways to cut bytes in two. */
const cuts = (bytes: Buffer) =>
  Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)] as const);

const STREAM = Buffer.from(
  '\u{FEFF}: a comment\r\ndata: {"text":"größe 🙂"}\r\n\r\nevent: ping\ndata:no space\n\n\ndata: two\ndata: lines\n\nid: 7\n\rdata\r\rdata: [DONE]\n\n',
);
const EVENTS = ['{"text":"größe 🙂"}', "ping: no space", "two\nlines", "[DONE]"];

test("reads comments, byte order mark, every line end, fields without space or value, and events of several lines", () =>
  expect(eventsOf(STREAM)).toEqual(EVENTS));

test("gives the same events wherever the stream is cut in two", () => {
  for (const [head, tail] of cuts(STREAM)) expect(eventsOf(head, tail)).toEqual(EVENTS);
});

test("gives the same events when every byte comes alone", () =>
  expect(eventsOf(...[...STREAM].map((byte) => Uint8Array.of(byte)))).toEqual(EVENTS));

test("gives back any events, with any line end, cut anywhere", () => {
  const line = fc.string({ unit: "grapheme", maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, ""));
  const event = fc.array(line, { minLength: 1, maxLength: 3 });
  const lineEnd = fc.constantFrom("\n", "\r\n", "\r");
  fc.assert(
    fc.property(fc.array(event), lineEnd, fc.array(fc.nat()), (events, end, places) => {
      const text = events.map((lines) => `${lines.map((data) => `data: ${data}${end}`).join("")}${end}`).join("");
      const bytes = Buffer.from(text);
      const at = [0, ...places.map((place) => place % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
      const chunks = at.slice(1).map((stop, i) => bytes.subarray(at[i], stop));
      expect(eventsOf(...chunks)).toEqual(events.map((lines) => lines.join("\n")).filter((data) => data !== ""));
    }),
  );
});

describe("vLLM's own stream", () => {
  const recorded = readFileSync(new URL("../../fixtures/vllm-0.32.0/stream_completions.sse", import.meta.url));

  test("has four tokens, the usage and the end mark", () => {
    const events = eventsOf(recorded);
    expect(events).toHaveLength(6);
    expect(events.at(-1)).toBe("[DONE]");
    expect(JSON.parse(events[4]!).usage).toEqual({ prompt_tokens: 8, total_tokens: 12, completion_tokens: 4 });
  });

  test("is read alike wherever it is cut", () => {
    for (const [head, tail] of cuts(recorded)) expect(eventsOf(head, tail)).toEqual(eventsOf(recorded));
  });
});

test("does not hand out an event that was cut off", () => expect(eventsOf("data: a\n\ndata: b\n")).toEqual(["a"]));

test("an event without data is none, unless it says that the stream broke", () =>
  expect(eventsOf("data:\n\ndata\n\ndata: \n\nevent: ping\n\nretry: 10\n\nid\n\ndata: a\n\nevent: error\n\n")).toEqual([
    "a",
    "error: ",
  ]));

test("the kind of an event ends with it", () =>
  expect(eventsOf("event: ping\n\ndata: a\n\nevent: error\ndata: b\n\ndata: c\n\n")).toEqual(["a", "error: b", "c"]));

test("a line that says what went wrong is heard at once, with or without a space", () =>
  expect(eventsOf('error: {"code":400}\n', "error:busy\r", "error\n", "errors: 1\nerr: 2\n\n")).toEqual([
    'error line: {"code":400}',
    "error line: busy",
    "error line: ",
  ]));

describe("whether it is an event stream at all", () => {
  const beginsWith = (text: string) => {
    const stream = new EventStream({ takeKnown: (_bytes, start) => start, onEvent: () => {}, onErrorLine: () => {} });
    for (const byte of Buffer.from(text)) stream.push(Buffer.of(byte));
    return stream.hasBegun;
  };

  test.each([
    "data: a\n",
    ": ping\n",
    ":\n",
    "event: x\n",
    "id\n",
    "retry: 3000\n",
    "error: x\n",
    "\u{FEFF}data\n",
    "\ndata:\n",
  ])("%j is", (text) => expect(beginsWith(text)).toBe(true));

  test.each([
    "",
    "data: not ended",
    '{"error":"x"}\n',
    "<html>\n<body>\n",
    "database: x\n",
    "ids: 1\n",
    "evening\n",
    "\n\n",
  ])("%j is not", (text) => expect(beginsWith(text)).toBe(false));
});

test("what never ends is given up, and costs no more memory", () => {
  const events: string[] = [];
  const stream = new EventStream({
    takeKnown: (_bytes, start) => start,
    onEvent: (data) => void events.push(data),
    onErrorLine: () => {},
  });
  const megabyte = Buffer.alloc(1024 * 1024, "x");
  stream.push(Buffer.from("data: a\n\ndata: "));
  for (let i = 0; i < 20; i++) stream.push(megabyte);
  stream.push(Buffer.from("\n\ndata: b\n\n"));
  expect([events, stream.isTooLong, stream.unfinished]).toEqual([["a"], true, ""]);
  expect(stream.beginning).toBe("x".repeat(1024));
});
