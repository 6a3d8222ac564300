import { describe, expect, test } from "vitest";
import {
  bodyOf,
  eventsOf,
  finishReasons,
  refusalOf,
  streamedText,
  usageOf,
} from "../../../src/functional/model/answers.ts";
import type { Answer } from "../../../src/functional/model/case.ts";

const json = (status: number, body: unknown): Answer => ({
  ...{ status, contentType: "application/json" },
  text: typeof body === "string" ? body : JSON.stringify(body),
});
const stream = (...events: unknown[]): Answer => ({
  ...{ status: 200, contentType: "text/event-stream; charset=utf-8" },
  text: events.map((event) => `data: ${typeof event === "string" ? event : JSON.stringify(event)}\n\n`).join(""),
});

describe("a refusal", () => {
  test("is HTTP 4xx with a body that says why, in OpenAI's form or FastAPI's", () => {
    expect(() => refusalOf(json(400, { error: { message: "no" } }))).not.toThrow();
    expect(() => refusalOf(json(422, { detail: [{ msg: "no" }] }))).not.toThrow();
  });

  test.each([
    ["a good answer", json(200, {}), /the status is 200/],
    ["a server that failed", json(500, { error: { message: "no" } }), /the status is 500/],
    ["an empty body", json(400, ""), /must be JSON/],
    ["a body without a word", json(400, {}), /must say why/],
    ["no answer", undefined, /no answer came/],
  ])("is none: %s", (_, answer, words) => {
    expect(() => refusalOf(answer)).toThrow(words);
  });
});

describe("a stream", () => {
  const piece = (content: string, finish: string | null = null) => ({
    choices: [{ index: 0, delta: { content }, finish_reason: finish }],
  });

  test("adds up to a text and its finish reason", () => {
    const events = eventsOf(stream(piece("Hel"), piece("lo", "stop"), "[DONE]"));
    expect([streamedText(events), finishReasons(events), events.done]).toEqual(["Hello", ["stop"], true]);
  });

  test("with an error in it deviates, whatever its status", () => {
    expect(() => eventsOf(stream(piece("Hel"), { error: { message: "died" } }))).toThrow(/must be absent/);
  });

  test("without [DONE], or with events behind it, is told", () => {
    expect(eventsOf(stream(piece("a"))).done).toBe(false);
    expect(eventsOf(stream("[DONE]", piece("a"))).afterDone).toBe(true);
  });

  test("counts a thought that stands under both of its names once", () => {
    const events = eventsOf(stream({ choices: [{ index: 0, delta: { reasoning: "hm", reasoning_content: "hm" } }] }));
    expect(streamedText(events)).toBe("hm");
  });
});

test("a usage that does not add up is told with its place", () => {
  const body = bodyOf(json(200, { usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 6 } }));
  expect(() => usageOf(body)).toThrow("must be 3 + 2, but is 6");
});
