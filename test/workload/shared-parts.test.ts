import { expect, test } from "vitest";
import type { PromptEntry, TraceRequest } from "../../src/workload/prompts.ts";
import { intendedHits } from "../../src/workload/shared-parts.ts";

const request = (inputTokens: number, how: Partial<TraceRequest> = {}): TraceRequest => ({
  ...{ inputTokens, outputTokens: 4, hashIds: [], sharedPrefix: null },
  ...how,
});
const trace = (...requests: TraceRequest[]) => intendedHits({ kind: "trace", requests });
const listed = (...prompts: PromptEntry["prompt"][]) =>
  intendedHits({ kind: "listed", entries: prompts.map((prompt) => ({ prompt, inputTokens: null, outputTokens: 4 })) });

test("random prompts share what they are told to", () => {
  const lengths = { inputLen: 100, outputLen: 4, rangeRatio: 0 };
  expect(intendedHits({ kind: "random", ...lengths, sharedPrefix: 25 })).toEqual({ least: 0.25, most: 0.25 });
});

test("a trace shares the blocks that an earlier request began with, and none where no id comes again", () => {
  expect(trace(request(1024, { hashIds: [1, 2] }), request(1024, { hashIds: [3, 4] }))).toEqual({ least: 0, most: 1 });
  expect(trace(request(1024, { hashIds: [1, 2] }), request(1024, { hashIds: [1, 4] })).least).toBe(0.25);
  expect(trace(request(600, { hashIds: [1, 2] }), request(600, { hashIds: [1, 2] })).least).toBe(0.5);
  expect(trace(request(64), request(64)).least).toBe(0);
});

test("a named prefix is shared from its second use on, in whole blocks", () => {
  const prefixed = (id: number, tokens: number) => request(64, { sharedPrefix: { id, tokens } });
  expect(trace(prefixed(1, 32), prefixed(2, 32)).least).toBe(0);
  expect(trace(prefixed(1, 33), prefixed(1, 32)).least).toBe(0.25);
  expect(trace(prefixed(1, 15), prefixed(1, 15)).least).toBe(0);
});

test("a list shares its common beginnings, of text, messages and token ids alike", () => {
  const system = "You are a careful assistant who answers in one sentence and never says more than that. ";
  expect(listed("What is a shell?", "What is a kernel?").least).toBe(0);
  expect(listed(`${system}Why?`, `${system}How?`).least).toBeGreaterThan(0.3);
  const chat = (content: string) => [
    { role: "system", content: system },
    { role: "user", content },
  ];
  expect(listed(chat("Why?"), chat("How?")).least).toBeGreaterThan(0.2);
  const ids = Array.from({ length: 32 }, (_, at) => 50_000 + at);
  expect(listed([...ids, 1], [...ids, 2]).least).toBeCloseTo(32 / 66);
  expect(listed([55_296, 1], [1, 55_296]).least).toBe(0);
});
