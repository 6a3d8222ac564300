import fc from "fast-check";
import { expect, test } from "vitest";
import { eachTokenEvent, tokenGaps } from "../../../src/result/measure/token-events.ts";
import { requestSamples } from "../../support/request-samples.ts";

const events = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 99 }), tokens: fc.integer({ min: 0, max: 4 }) }), {
  minLength: 1,
  maxLength: 20,
});

test("gaps of tokens are as many as the tokens after the first event that has some, and last as long", () => {
  fc.assert(
    fc.property(events, (drawn) => {
      const gaps = tokenGaps(
        drawn.slice(1).map(({ gap }) => gap),
        drawn.map(({ tokens }) => tokens),
      );
      const first = drawn.findIndex(({ tokens }) => tokens > 0);
      const last = drawn.findLastIndex(({ tokens }) => tokens > 0);
      const between = first === -1 ? [] : drawn.slice(first + 1, last + 1);
      expect(gaps).toHaveLength(between.reduce((sum, { tokens }) => sum + tokens, 0));
      const time = gaps.reduce((sum, gap) => sum + gap, 0);
      expect(time).toBeCloseTo(
        between.reduce((sum, { gap }) => sum + gap, 0),
        6,
      );
    }),
  );
});

test("events come at their moments, with the tokens told or an even share of all", () => {
  const samples = requestSamples([{ sentMs: 5, tokensMs: [10, 30, 31], outputTokens: 6 }], 1);
  const visited = (chunkTokens?: number[][]) => {
    const seen: [number, number][] = [];
    eachTokenEvent({ ...samples, chunkTokens }, 0, (at, tokens) => seen.push([at, tokens]));
    return seen;
  };
  expect(visited([[1, 5, 0]])).toEqual([
    [10, 1],
    [30, 5],
    [31, 0],
  ]);
  expect(visited()).toEqual([
    [10, 2],
    [30, 2],
    [31, 2],
  ]);
});
