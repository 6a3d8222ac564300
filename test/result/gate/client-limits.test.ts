import { describe, expect, test } from "vitest";
import type { ClientHealth } from "../../../src/result/document/cell.ts";
import { CLIENT_LIMITS, judgeClient, parseClientLimits } from "../../../src/result/gate/client-limits.ts";

const HEALTHY: ClientHealth = {
  cpuSeconds: 1,
  eventLoopUtilization: 0.85,
  eventLoopDelayP99Ms: 25,
  sendDelayP99Ms: 25,
  achievedRateRatio: 0.98,
};
const OPEN = { failed: 0, heldBack: false, sent: 1000, seconds: 60 };
const judge = (changes: Partial<ClientHealth>, facts = OPEN, limits = parseClientLimits("utilization=0.85")) =>
  judgeClient({ ...HEALTHY, ...changes }, facts, limits);

describe("a client", () => {
  test("that is at its limits kept up", () => expect(judge({})).toEqual([]));

  test.each<[Partial<ClientHealth>, string]>([
    [{ eventLoopUtilization: 0.934 }, "its event loop was 93.4 % busy, above 85 %"],
    [{ sendDelayP99Ms: 40.04 }, "1 % of the requests went out 40.0 ms late or later, above 25 ms"],
    [{ eventLoopDelayP99Ms: 30 }, "its event loop was held up for 30.0 ms at p99, above 25 ms"],
    [{ achievedRateRatio: 0.9 }, "it sent 90 % of the rate asked for, below 98 %"],
  ])("with %j is limited: %s", (changes, sentence) => expect(judge(changes)).toEqual([sentence]));

  test("beyond several limits is told of each", () =>
    expect(judge({ eventLoopUtilization: 1, sendDelayP99Ms: 99 })).toHaveLength(2));

  test("is not blamed for a rate that failures or a limit of concurrency held back, or that nobody asked for", () => {
    expect(judge({ achievedRateRatio: 0.5 }, { ...OPEN, failed: 1 })).toEqual([]);
    expect(judge({ achievedRateRatio: 0.5 }, { ...OPEN, heldBack: true })).toEqual([]);
    const { achievedRateRatio: _, ...closedLoop } = HEALTHY;
    expect(judgeClient(closedLoop, OPEN, CLIENT_LIMITS)).toEqual([]);
  });

  test("is not judged by percentiles of too few samples", () => {
    const hiccup = { sendDelayP99Ms: 99, eventLoopDelayP99Ms: 99 };
    expect(judge(hiccup, { ...OPEN, sent: 298, seconds: 2.9 })).toEqual([]);
    expect(judge(hiccup, { ...OPEN, sent: 299, seconds: 3 })).toHaveLength(2);
  });

  test("is judged by no limit that is off", () => {
    const swamped = { eventLoopUtilization: 1, sendDelayP99Ms: 99, eventLoopDelayP99Ms: 99, achievedRateRatio: 0.1 };
    expect(judge(swamped, OPEN, parseClientLimits("off"))).toEqual([]);
    expect(judge(swamped, OPEN, parseClientLimits("utilization=off"))).toHaveLength(3);
  });
});

describe("limits", () => {
  test("that are named change, the others stay", () =>
    expect(parseClientLimits("utilization=0.9, send-delay-ms=50")).toEqual({
      ...CLIENT_LIMITS,
      utilization: 0.9,
      "send-delay-ms": 50,
    }));

  test.each([
    [
      "utilisation=0.9",
      "unknown limit of the client “utilisation”; did you mean “utilization”? Known are utilization,",
    ],
    ["utilization=90", "utilization=90: give a share above 0, up to 1, or off"],
    ["send-delay-ms=no", "send-delay-ms=no: give milliseconds above 0, or off"],
    ["send-delay-ms=0", "give milliseconds above 0"],
    ["utilization", "“utilization” is no limit of the client; write name=number, as in utilization=0.9, or off alone"],
    ["utilization=1=2", "is no limit of the client"],
    ["", "is no limit of the client"],
  ])("“%s” is refused, saying what to do", (text, message) => expect(() => parseClientLimits(text)).toThrow(message));
});
