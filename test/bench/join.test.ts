import { expect, test } from "vitest";
import { gapErrorsMs, summarizeErrors, ttftErrorsMs } from "./errors.ts";
import { joinRequests } from "./join.ts";
import type { ReportedRequest } from "./peers/peer.ts";
import { loadSpanMs, parseTruth, type TrueRequest, writeLatenessMs } from "./truth.ts";

const truth = (id: string, acceptedMs: number, writtenMs = [acceptedMs + 50, acceptedMs + 70]): TrueRequest => ({
  id,
  acceptedMs,
  writtenMs,
  dueMs: writtenMs.map((moment) => moment - 0.5),
  outputTokens: writtenMs.length,
  end: "complete",
});
const reported = (id: string | null, startMs: number, more: Partial<ReportedRequest> = {}): ReportedRequest => ({
  id,
  startMs,
  ttftMs: 52,
  gapsMs: [21],
  tpotMs: 21,
  outputTokens: 2,
  sendLatenessMs: null,
  ...more,
});
const ids = (pairs: ReturnType<typeof joinRequests>) => pairs.map(({ reported, truth }) => [reported.id, truth.id]);

test("requests are joined by id, whatever their order and the prefix that the engine put before it", () => {
  const known = [truth("warmup-0", 0), truth("cmpl-b", 1), truth("cmpl-a", 2)];
  expect(ids(joinRequests([reported("a", 9), reported("b", 8)], known))).toEqual([
    ["a", "cmpl-a"],
    ["b", "cmpl-b"],
  ]);
});

test("requests whose ids the engine does not know are joined by order of sending, from the end", () => {
  const known = [truth("warmup", 0), truth("1st", 100), truth("2nd", 101)];
  expect(ids(joinRequests([reported("y", 8), reported("x", 7)], known))).toEqual([
    ["x", "1st"],
    ["y", "2nd"],
  ]);
});

test("more reported requests than the engine saw are an error", () => {
  expect(() => joinRequests([reported("a", 0)], [])).toThrow("the engine saw 0");
});

test("errors are differences to the truth", () => {
  const joined = joinRequests([reported("a", 0)], [truth("a", 10)]);
  expect(ttftErrorsMs(joined)).toEqual([2]);
  expect(gapErrorsMs(joined)).toEqual([1]);
});

test("a request whose tokens arrived in one piece has no gap errors; a tool without gaps has none at all", () => {
  const known = [truth("a", 10), truth("b", 20)];
  expect(gapErrorsMs(joinRequests([reported("a", 0), reported("b", 1, { gapsMs: [] })], known))).toEqual([1]);
  expect(gapErrorsMs(joinRequests([reported("a", 0), reported("b", 1, { gapsMs: null })], known))).toBeNull();
});

test("the truth log is read in order of acceptance, and knows the load and the engine's own lateness", () => {
  const requests = parseTruth(`${JSON.stringify(truth("late", 30))}\n\n${JSON.stringify(truth("early", 20))}\n`);
  expect(requests.map(({ id }) => id)).toEqual(["early", "late"]);
  expect(loadSpanMs(requests)).toEqual({ startMs: 20, endMs: 100 });
  expect(writeLatenessMs(requests)).toEqual([0.5, 0.5, 0.5, 0.5]);
});

test("a summary of errors is numpy's percentiles; of none there is none", () => {
  expect(summarizeErrors([3, 1, 2])).toEqual({ count: 3, mean: 2, p50: 2, p99: 2.98, max: 3 });
  expect(summarizeErrors([])).toBeNull();
});
