import { gzipSync } from "node:zlib";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { DONE, type Script, scriptedServer, token, usage } from "../../load/scripted-server.ts";
import { serve } from "../../support/simulated-room.ts";

const [REQUESTS, TOKENS] = [3, 8];
type Endpoint = "completions" | "chat";

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const delta = (given: object, finish: string | null = null, rest: object = {}) =>
  data({ choices: [{ index: 0, delta: given, finish_reason: finish }], ...rest });
const counts = (completed: number) => ({ usage: { prompt_tokens: 5, completion_tokens: completed } });
const times = (count: number, event: (index: number) => string) => Array.from({ length: count }, (_, i) => event(i));
const END = [usage(5, TOKENS), DONE];
const WORDS = times(TOKENS, () => delta({ content: "t" }));

/** The cell of a server that answers each request with these pieces of a body. */
async function cellOf(endpoint: Endpoint, pieces: readonly (string | Buffer)[], head: Record<string, string> = {}) {
  const script: Script = async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream", ...head });
    for (const piece of pieces) {
      response.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    response.end();
  };
  await using server = await scriptedServer(script);
  await using fixture = await createFixture();
  const output = fixture.getPath("out");
  const load = { pairs: `5:${TOKENS}`, concurrency: "1", numPrompts: String(REQUESTS), warmupRequests: "0" };
  await serve({ baseUrl: server.baseUrl, output, endpoint, ...load, telemetry: false, clientLimits: "off" });
  const [cell] = await readCells(output);
  if (cell?.status !== "measured" || cell.measurement.kind !== "requests") throw new Error(JSON.stringify(cell));
  return { samples: cell.measurement.requests, gated: gateCell(cell) };
}

const GOOD: [what: string, endpoint: Endpoint, pieces: string[], events?: number][] = [
  ["heartbeats without data", "completions", ["data:\n\n", ...times(TOKENS, () => `${token()}data: \n\n`), ...END]],
  [
    "comments, other fields and events of another kind",
    "chat",
    [
      ": ping\n\n",
      "retry: 3000\n\n",
      ...WORDS.map((word) => `id: 7\nevent: message\n${word}`),
      "event: ping\ndata: now\n\n",
      ...END,
    ],
  ],
  [
    "a finish reason in an event of its own",
    "completions",
    [...times(TOKENS, () => token()), token("", "length"), ...END],
  ],
  ["a finish reason in an event of its own", "chat", [...WORDS, delta({}, "length"), ...END]],
  ["a last token without text", "completions", [...times(TOKENS - 1, () => token()), token("", "length"), ...END]],
  ["a last token without text", "chat", [delta({ role: "assistant" }), ...WORDS.slice(1), delta({}, "length"), ...END]],
  [
    "a role and a thought in every event",
    "chat",
    [
      ...times(TOKENS, (i) => delta({ role: i % 2 === 0 ? null : "assistant", content: null, reasoning_content: "t" })),
      delta({ role: null, content: null }, "length"),
      ...END,
    ],
  ],
  [
    "a call of a tool",
    "chat",
    [
      delta({ role: "assistant", content: null }),
      ...times(TOKENS, () => delta({ tool_calls: [{ index: 0, function: { arguments: "{" } }] })),
      delta({}, "tool_calls"),
      ...END,
    ],
  ],
  ["usage beside an empty delta", "chat", [...WORDS, delta({}, "length"), delta({}, null, counts(TOKENS)), DONE]],
  [
    "usage beside no delta",
    "chat",
    [...WORDS, delta({}, "length"), data({ choices: [{ index: 0 }], ...counts(TOKENS) })],
  ],
  ["usage with the finish reason", "chat", [...WORDS, delta({}, "length", counts(TOKENS)), DONE]],
  [
    "usage in every event",
    "chat",
    [...times(TOKENS, (i) => delta({ content: "t" }, null, counts(i + 1))), delta({}, "length"), ...END],
  ],
  ["a few events for many tokens", "completions", [token(), token(), token("", "length"), ...END], 3],
];

test.each(GOOD)(
  "an answer with %s (%s) is measured event by event",
  async (_what, endpoint, pieces, events = TOKENS) => {
    const { samples, gated } = await cellOf(endpoint, pieces);
    expect(samples.gapsMs.map((gaps) => gaps.length)).toEqual(Array(REQUESTS).fill(events - 1));
    expect(samples.outputTokens).toEqual(Array(REQUESTS).fill(TOKENS));
    expect(gated).toMatchObject({ status: "ok", metrics: { completed: REQUESTS, ttft_ms: { count: REQUESTS } } });
    const { tokens_per_event: perEvent = 1 } = gated.status === "ok" ? gated.metrics : {};
    expect(perEvent).toBe(TOKENS / events);
  },
);

const html = "<!doctype html>\n<title>\u{1b}[31mSign in</title>";
const json = JSON.stringify({ object: "chat.completion", choices: [{ message: { content: "t" } }], ...counts(TOKENS) });
const BAD: [what: string, pieces: (string | Buffer)[], error: string | RegExp, head?: Record<string, string>][] = [
  [
    "an error event",
    [...WORDS, 'event: error\ndata: {"code":500,"details":"core died"}\n\n', DONE],
    "in_stream_error: core died",
  ],
  [
    "an error line",
    ['error: {"code":400,"message":"context size exceeded"}\n\n'],
    "in_stream_error: context size exceeded",
  ],
  ["an error object", [data({ error: { message: "core died" } }), DONE], "in_stream_error: core died"],
  ["a flat error", [data({ object: "error", message: "core died", code: 500 }), DONE], "in_stream_error: core died"],
  ["an error without a last line", ['data: {"error":"core died"}'], "in_stream_error: core died"],
  ["an error after all tokens", [...WORDS, ...END, data({ error: "core died" })], "in_stream_error: core died"],
  [
    "an error in JSON",
    ['{"message":"core died","type":"x","code":500}'],
    "in_stream_error: core died",
    { "content-type": "application/json" },
  ],
  [
    "a whole answer",
    [json],
    `no_event_stream: the answer is JSON and no event stream (content type application/json): ${json}`,
    { "content-type": "application/json" },
  ],
  [
    "a page of a proxy",
    [html],
    "no_event_stream: the answer is HTML and no event stream (content type text/html): <!doctype html>\\n<title>\\u001b[31mSign in</title>",
    { "content-type": "text/html" },
  ],
  [
    "a zipped stream",
    [gzipSync(WORDS.join(""))],
    /^no_event_stream: the answer is gzip \(content type text\/event-stream\), first bytes 1f 8b 08 00/,
  ],
  [
    "an unknown encoding",
    ["\n:abc\n"],
    "no_event_stream: the answer is br (content type text/event-stream), first bytes 0a 3a 61 62 63 0a",
    { "content-encoding": "br" },
  ],
  [
    "more events than tokens",
    [...WORDS, delta({ content: "t" }, "length"), ...END],
    `wrong_events: ${TOKENS + 1} token events came for ${TOKENS} tokens`,
  ],
  [
    "no event for its tokens",
    [delta({ role: "assistant" }), delta({}, "length"), ...END],
    `wrong_events: no token event came for ${TOKENS} tokens`,
  ],
];

describe("no answer of a server ends the process, and its failure says what came:", () => {
  test.each(BAD)("%s", async (_what, pieces, error, head) => {
    const { samples, gated } = await cellOf("chat", pieces, head);
    const expected = typeof error === "string" ? error : expect.stringMatching(error);
    expect(samples.errors).toEqual(Array(REQUESTS).fill(expected));
    expect(gated).toMatchObject({ status: "failed", reason: "incomplete_requests", failed: REQUESTS });
  });
});
