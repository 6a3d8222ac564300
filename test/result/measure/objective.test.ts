import { describe, expect, test } from "vitest";
import { judgeObjectives, type Objective, parseTarget } from "../../../src/result/measure/objective.ts";

const objective = (text: string): Objective => {
  const target = parseTarget(text);
  if (target.kind !== "objective") throw new Error(`${text} is a limit of single requests`);
  return target.objective;
};

describe("a limit", () => {
  test.each([
    ["ttft_ms.p99<500", { metric: "ttft_ms", statistic: "p99", comparison: "<", limit: 500, key: "ttft_ms.p99" }],
    ["tpot_ms.mean<=50", { metric: "tpot_ms", statistic: "mean", comparison: "<=", limit: 50, key: "tpot_ms.mean" }],
    ["e2el_ms.p99.9 < 1500.5", { statistic: "p99.9", limit: 1500.5, text: "e2el_ms.p99.9<1500.5" }],
    [
      "request_throughput_req_s>10",
      { metric: "request_throughput_req_s", comparison: ">", key: "request_throughput_req_s" },
    ],
  ])("%s is one of the cell", (text, parts) => expect(objective(text)).toMatchObject(parts));

  test.each(["ttft_ms<500", "ttft_ms <= 500"])("%s, without a statistic, is one of every request", (text) =>
    expect(parseTarget(text)).toEqual({ kind: "slo", slo: { metric: "ttft_ms", limitMs: 500 } }),
  );

  test.each([
    ["ttft_ms.men<5", "unknown statistic “men”; did you mean “mean”? Known are count, mean"],
    ["ttft.p99<5", "unknown metric “ttft”; did you mean “ttft_ms”? Known are latency_s, ttft_ms"],
    ["ttft_ms.p99", "“ttft_ms.p99” is no limit; write metric, statistic, comparison and number, as in ttft_ms.p99<500"],
    ["ttft_ms.p99<-5", "is no limit"],
    ["ttft_ms.p99=5", "is no limit"],
    ["", "“” is no limit"],
    ["completed.p99>5", "completed is one number, without statistics; write completed>5"],
    [
      "client_queue_ms<5",
      "says no statistic, as in client_queue_ms.p99; a limit of every request can be set on ttft_ms, tpot_ms",
    ],
    ["ttft_ms>5", "a latency of a request is limited from above; write ttft_ms<5"],
    ["ttft_ms<0", "no request takes 0 ms"],
  ])("“%s” is refused, saying what to do", (text, message) => expect(() => parseTarget(text)).toThrow(message));
});

describe("a cell", () => {
  const objectives = ["ttft_ms.p99<500", "request_throughput_req_s>=10"].map(objective);

  test("meets its objectives when every value is within its limit", () =>
    expect(judgeObjectives({ ttft_ms: { p99: 499 }, request_throughput_req_s: 10 }, objectives)).toEqual({
      meets: true,
      missed: [],
      values: { "ttft_ms.p99": 499, request_throughput_req_s: 10 },
    }));

  test("misses one that lies on a strict limit, or that has no value", () => {
    const { meets, missed, values } = judgeObjectives({ ttft_ms: { p99: 500 } }, objectives);
    expect([meets, missed]).toEqual([false, ["ttft_ms.p99<500", "request_throughput_req_s>=10"]]);
    expect(values).toEqual({ "ttft_ms.p99": 500 });
  });

  test.each([
    ["duration_s<2", 2, false],
    ["duration_s<=2", 2, true],
    ["duration_s>2", 2, false],
    ["duration_s>=2", 2, true],
  ])("by %s a value of %d is judged %s", (text, duration_s, meets) =>
    expect(judgeObjectives({ duration_s }, [objective(text)]).meets).toBe(meets),
  );
});
