import { expect, test } from "vitest";
import { ClientHealth } from "../../../src/result/document/cell.ts";
import { mergeHealth } from "../../../src/result/measure/client-health.ts";

const FIRST: ClientHealth = {
  threads: 1,
  cpuSeconds: 1,
  eventLoopUtilization: 0.5,
  eventLoopDelayP99Ms: 1,
  sendDelayP99Ms: 9,
  gcMs: 5,
  achievedRateRatio: 0.99,
  eventsPerRead: 1,
};
const SECOND: ClientHealth = {
  threads: 2,
  cpuSeconds: 2,
  eventLoopUtilization: 0.3,
  eventLoopDelayP99Ms: 4,
  sendDelayP99Ms: 3,
  gcMs: 7,
  achievedRateRatio: 0.97,
  eventsPerRead: 2,
};

test("times add up, and the worst of everything else stands for all", () => {
  const merged = mergeHealth([FIRST, SECOND]);
  expect(ClientHealth.parse(merged)).toEqual({
    threads: 2,
    cpuSeconds: 3,
    eventLoopUtilization: 0.5,
    eventLoopDelayP99Ms: 4,
    sendDelayP99Ms: 9,
    gcMs: 12,
    achievedRateRatio: 0.97,
    eventsPerRead: 2,
  });
});

test("one alone is itself", () => expect(mergeHealth([FIRST])).toEqual(FIRST));

test("what no measurement knows stays absent; what some know is of those", () => {
  const { threads, gcMs, achievedRateRatio, eventsPerRead, ...bare } = FIRST;
  expect(mergeHealth([bare, bare])).toEqual({ ...bare, cpuSeconds: 2 });
  expect(mergeHealth([bare, SECOND])).toMatchObject({ achievedRateRatio: 0.97, gcMs: 7 });
});

test("each limit that was passed is said once", () => {
  const limited = (limitedBy: string[]) => ({ ...FIRST, limitedBy });
  expect(mergeHealth([limited(["busy", "late"]), FIRST, limited(["late"])]).limitedBy).toEqual(["busy", "late"]);
});
