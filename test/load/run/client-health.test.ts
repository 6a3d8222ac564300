import { expect, test } from "vitest";
import { healthOf } from "../../../src/load/run/client-health.ts";
import { threadResult } from "../../support/thread-result.ts";

const CLOSED = { cpuSeconds: 1.5, askedSpanMs: null };
const sentAt = (...times: number[]) => threadResult(times.map((time, index) => ({ index, sentAt: time })));

test("the busiest thread stands for all, collections add up", () => {
  const calm = threadResult([], { health: { utilization: 0.2, loopDelayP99Ms: 3, gcMs: 10 } });
  const busy = threadResult([], { health: { utilization: 0.9, loopDelayP99Ms: 1, gcMs: 5 } });
  expect(healthOf([calm, busy], CLOSED)).toEqual({
    threads: 2,
    cpuSeconds: 1.5,
    eventLoopUtilization: 0.9,
    eventLoopDelayP99Ms: 3,
    sendDelayP99Ms: 0,
    gcMs: 15,
  });
});

test("send delays of all threads are ranked together, by number", () => {
  const delaysOf = (from: number) => Float64Array.from({ length: 50 }, (_, i) => from + i);
  const health = [delaysOf(51), delaysOf(1)].map((sendDelaysMs) => threadResult([], { health: { sendDelaysMs } }));
  expect(healthOf(health, CLOSED).sendDelayP99Ms).toBeCloseTo(99.01, 9);
});

test("token events a read are counted over all threads, and not where nothing was read", () => {
  const bunched = threadResult([{ index: 0, sentAt: 0, arrivals: [1, 1, 1] }], { reads: 1 });
  const single = threadResult([{ index: 1, sentAt: 0, arrivals: [1] }], { reads: 1 });
  expect(healthOf([bunched, single], CLOSED).eventsPerRead).toBe(2);
  expect(healthOf([sentAt(0)], CLOSED)).not.toHaveProperty("eventsPerRead");
});

test("the achieved rate is the span asked for over the span that sending took, over all threads", () => {
  const late = [sentAt(1000, 9000), sentAt(4000, 13_000)];
  expect(healthOf(late, { cpuSeconds: 0, askedSpanMs: 9000 }).achievedRateRatio).toBe(0.75);
  const kept = [sentAt(1000, 10_000)];
  expect(healthOf(kept, { cpuSeconds: 0, askedSpanMs: 9000 }).achievedRateRatio).toBe(1);
});

test("there is no achieved rate in a closed loop, over a short time, or when fewer than two were sent", () => {
  for (const askedSpanMs of [null, 0, 4999]) {
    expect(healthOf([sentAt(0, 6000)], { cpuSeconds: 0, askedSpanMs })).not.toHaveProperty("achievedRateRatio");
  }
  for (const one of [[sentAt()], [sentAt(5)]]) {
    expect(healthOf(one, { cpuSeconds: 0, askedSpanMs: 9000 })).not.toHaveProperty("achievedRateRatio");
  }
});
