import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EventStream } from "../../../src/load/http/event-stream.ts";

function eventsOf(...chunks: (string | Uint8Array)[]): string[] {
  const events: string[] = [];
  const stream = new EventStream((data) => events.push(data));
  for (const chunk of chunks) stream.push(Buffer.from(chunk as string));
  return events;
}

/** All ways to cut bytes in two. */
const cuts = (bytes: Buffer) =>
  Array.from({ length: bytes.length + 1 }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)] as const);

const STREAM = Buffer.from(
  '\u{FEFF}: a comment\r\ndata: {"text":"größe 🙂"}\r\n\r\nevent: ping\ndata:no space\n\n\ndata: two\ndata: lines\n\nid: 7\n\rdata\r\rdata: [DONE]\n\n',
);
const EVENTS = ['{"text":"größe 🙂"}', "no space", "two\nlines", "", "[DONE]"];

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
      expect(eventsOf(...chunks)).toEqual(events.map((lines) => lines.join("\n")));
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
