import { expect, test } from "vitest";
import { TokenLog } from "../../../../src/load/thread/answer/token-log.ts";

function logOf(expected: number, tokens: readonly number[]): TokenLog {
  const log = new TokenLog(expected);
  for (const [at, count] of tokens.entries()) log.add(at, count);
  return log;
}
const kept = ({ tokens }: TokenLog) => tokens && [...tokens];

test("keeps the times of all events, however many were expected", () => {
  for (const expected of [0, 1, 9, 40]) {
    const log = logOf(expected, Array(40).fill(1));
    expect([log.count, [...log.times]]).toEqual([40, [...Array(40).keys()]]);
  }
});

test("keeps no counts while every event carries one token", () => expect(kept(logOf(4, [1, 1, 1]))).toBeUndefined());

test("keeps all counts from the first that differs, also those before it", () => {
  expect(kept(logOf(9, [1, 1, 3, 1]))).toEqual([1, 1, 3, 1]);
  expect(kept(logOf(9, [0, 2]))).toEqual([0, 2]);
});

test("keeps the counts when it grows, wherever the first other count comes", () => {
  for (let place = 0; place < 20; place++) {
    const counts = Array.from({ length: 20 }, (_, index) => (index === place ? 5 : 1));
    expect(kept(logOf(2, counts))).toEqual(counts);
  }
});

test("is empty at first", () => {
  const log = new TokenLog(3);
  expect([log.count, [...log.times], log.tokens]).toEqual([0, [], undefined]);
});
