import { expect, test } from "vitest";
import { samplesOf } from "../../../src/load/run/samples.ts";
import { RequestSamples } from "../../../src/result/document/cell.ts";
import { threadResult } from "../../support/thread-result.ts";

const SCHEDULE = { startAt: 1000, endAt: 3000, times: null, asked: null };
const asked = (...lengths: [number, number][]) => ({
  inputTokens: Int32Array.from(lengths, ([input]) => input),
  outputTokens: Int32Array.from(lengths, ([, output]) => output),
});

test("requests of all threads stand in schedule order, in ms after the start, to the microsecond", () => {
  const one = threadResult([
    { index: 2, scheduledAt: 1200, sentAt: 1200.0004, endedAt: 1300, arrivals: [1250, 1260.12345, 1300] },
  ]);
  const other = threadResult([
    { index: 0, scheduledAt: 1000, sentAt: 1001, endedAt: 1100, arrivals: [1050] },
    { index: 1, scheduledAt: 1100, sentAt: 1100, endedAt: 1180, arrivals: [1120, 1180] },
  ]);
  const samples = samplesOf([one, other], SCHEDULE);
  expect(RequestSamples.parse(samples)).toEqual(samples);
  expect(samples).toMatchObject({
    durationS: 2,
    scheduledMs: [0, 100, 200],
    sentMs: [1, 100, 200],
    firstTokenMs: [50, 120, 250],
    lastTokenMs: [50, 180, 300],
    endMs: [100, 180, 300],
    gapsMs: [[], [60], [10.123, 39.877]],
    outputTokens: [1, 2, 3],
    errors: [null, null, null],
  });
  expect(samples).not.toHaveProperty("chunkTokens");
});

test("a request without token or end has null there, and keeps its error", () => {
  const samples = samplesOf([threadResult([{ index: 0, sentAt: 1000, error: "refused: no server" }])], SCHEDULE);
  expect(samples).toMatchObject({
    firstTokenMs: [null],
    lastTokenMs: [null],
    endMs: [null],
    gapsMs: [[]],
    finishReasons: [null],
    errors: ["refused: no server"],
  });
});

test("requests that nobody sent are there as cancelled, due when they were due", () => {
  const times = Float64Array.of(0, 700.5, 5000);
  const lengths = asked([7, 3], [8, 4], [-1, 5]);
  const sent = threadResult([{ index: 1, sentAt: 1701, endedAt: 1800, arrivals: [1800, 1800, 1800, 1800] }]);
  const samples = samplesOf([sent], { ...SCHEDULE, times, asked: lengths });
  expect(samples.errors).toEqual(["cancelled: not sent", null, "cancelled: not sent"]);
  expect(samples).toMatchObject({
    scheduledMs: [0, 701, 5000],
    sentMs: [null, 701, null],
    askedInputTokens: [7, 5, null],
    askedOutputTokens: [3, 4, 5],
    inputTokens: [0, 5, 0],
    gapsMs: [[], [0, 0, 0], []],
  });
});

test("in a closed loop a request that was not sent any more was due at the end", () => {
  const samples = samplesOf([threadResult([])], { ...SCHEDULE, asked: asked([7, 3]) });
  expect([samples.scheduledMs, samples.errors]).toEqual([[2000], ["cancelled: not sent"]]);
});

test("when time was the bound there are as many requests as were sent, none too", () => {
  expect(samplesOf([threadResult([]), threadResult([])], SCHEDULE).errors).toEqual([]);
  const flown = [threadResult([{ index: 1, sentAt: 1002 }]), threadResult([{ index: 0, sentAt: 1001 }])];
  expect(samplesOf(flown, SCHEDULE).sentMs).toEqual([1, 2]);
});

test("a prompt of text has no number of tokens asked for", () => {
  const samples = samplesOf([threadResult([{ index: 0, sentAt: 1000, askedInputTokens: -1 }])], SCHEDULE);
  expect(samples.askedInputTokens).toEqual([null]);
});

test("tokens an event are kept for all as soon as one thread saw other than one", () => {
  const several = threadResult([
    { index: 0, sentAt: 1000, arrivals: [1010, 1020], chunkTokens: [1, 4], outputTokens: 5 },
  ]);
  const single = threadResult([{ index: 1, sentAt: 1000, arrivals: [1015, 1016, 1017] }]);
  const samples = samplesOf([several, single], { ...SCHEDULE, asked: asked([5, 5], [5, 3], [5, 9]) });
  expect(samples.chunkTokens).toEqual([[1, 4], [1, 1, 1], []]);
});

test("a cell of more requests than a call has arguments is no trouble", () => {
  const many = threadResult(Array.from({ length: 200_000 }, (_, index) => ({ index, sentAt: 1000 })));
  expect(samplesOf([many], SCHEDULE).errors).toHaveLength(200_000);
});
