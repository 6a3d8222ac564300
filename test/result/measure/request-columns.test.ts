import { expect, test } from "vitest";
import { requestColumns } from "../../../src/result/measure/request-columns.ts";
import { requestSamples } from "../../support/request-samples.ts";

const SAMPLES = requestSamples(
  [
    { sentMs: 0, tokensMs: [10, 15.5, 20] },
    { sentMs: 1, tokensMs: [], outputTokens: 3, error: "http_500: oops" },
    { sentMs: 2, tokensMs: [12] },
  ],
  0.5,
);

test("a row a request, in schedule order, with all that is known of it", () => {
  const { durationS, requests } = requestColumns(SAMPLES);
  expect(durationS).toBe(0.5);
  expect(requests).toMatchObject({
    request: [0, 1, 2],
    sentMs: [0, 1, 2],
    firstTokenMs: [10, null, 12],
    errors: [null, "http_500: oops", null],
  });
  expect(new Set(Object.values(requests).map(({ length }) => length))).toEqual(new Set([3]));
});

test("a row a token event, with the moment it arrived; a request without tokens has none", () => {
  const { tokens } = requestColumns(SAMPLES);
  expect(tokens).toEqual({ request: [0, 0, 0, 2], arrivedMs: [10, 15.5, 20, 12], tokens: [1, 1, 1, 1] });
});

test("an event's tokens are those that the engine told", () => {
  const { tokens } = requestColumns({ ...SAMPLES, chunkTokens: [[1, 4, 2], [], [3]] });
  expect(tokens.tokens).toEqual([1, 4, 2, 3]);
});

test("moments do not drift apart from the gaps that they are summed from", () => {
  const gaps = Array(3000).fill(0.1);
  const one = requestSamples([{ sentMs: 0, tokensMs: [1] }], 1);
  const { tokens } = requestColumns({ ...one, gapsMs: [gaps] });
  expect(tokens.arrivedMs.at(-1)).toBe(301);
});

test("no requests make empty columns", () =>
  expect(requestColumns(requestSamples([], 1)).tokens).toEqual({ request: [], arrivedMs: [], tokens: [] }));
