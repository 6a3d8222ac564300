import { expect, test } from "vitest";
import type { Run, RunCell } from "../../src/result/document/run.ts";
import { lastGoodDaily, regressionGate, STANDARD_RULES } from "../../src/scenario/gate.ts";
import { sampleRun } from "../support/run-document.ts";

const cell = (metrics: object): RunCell =>
  ({
    id: "serve-benchmark/in_128_out_128_concurrency_1",
    benchmark: "serve-benchmark",
    params: { concurrency: 1, inputLen: 128, outputLen: 128 },
    status: "ok",
    metrics: { completed: 16, failed: 0, ...metrics },
  }) as RunCell;
const latency = (p50: number, p99?: number) => ({
  e2el_ms: { count: 16, mean: p50, std: 1, p50, ...(p99 === undefined ? {} : { p99 }) },
});
const run = (metrics: object, more: Partial<Run> = {}): Run => ({ ...sampleRun, cells: [cell(metrics)], ...more });
const failing = (now: object, before?: object) =>
  regressionGate(run(now), before && run(before), STANDARD_RULES).rows.filter(({ ok }) => !ok);

test("5 % less throughput is let pass, more is not", () => {
  const before = { request_throughput_req_s: 100 };
  expect(failing({ request_throughput_req_s: 95 }, before)).toEqual([]);
  expect(failing({ request_throughput_req_s: 94 }, before)).toMatchObject([{ rule: "rps_drop", ratio: 0.94 }]);
});

test("latency is judged by p99 where both have it", () => {
  expect(failing(latency(100, 230), latency(100, 200))).toMatchObject([{ metric: "e2el_ms.p99", ratio: 1.15 }]);
});

test("latency is judged by p50 where one side has no p99", () => {
  expect(failing(latency(120), latency(100, 200))).toMatchObject([{ metric: "e2el_ms.p50", ratio: 1.2 }]);
});

test("more than 5 % failed requests fail without any baseline", () => {
  expect(failing({ completed: 90, failed: 10 })).toMatchObject([{ rule: "fail_rate", value: 0.1 }]);
});

test("without a baseline nothing is compared, which is said and no failure", () => {
  expect(regressionGate(run({ request_throughput_req_s: 1 }), undefined, STANDARD_RULES)).toMatchObject({
    ok: true,
    notCompared: ["serve-benchmark/in_128_out_128_concurrency_1"],
  });
});

test("the baseline is the newest good daily run of the scenario, of the same kind", () => {
  const daily = (id: string, more: Partial<Run>) =>
    run({}, { id, scenario: { id: "a", runType: "daily", good: true }, simulated: false, ...more });
  const runs = [
    daily("20261101T000000Z-00000001", {}),
    daily("20261102T000000Z-00000002", {}),
    daily("20261103T000000Z-00000003", { scenario: { id: "a", runType: "daily", good: false } }),
    daily("20261104T000000Z-00000004", { scenario: { id: "a", runType: "pr", good: true } }),
    daily("20261105T000000Z-00000005", { simulated: true }),
    daily("20261106T000000Z-00000006", { scenario: { id: "b", runType: "daily", good: true } }),
  ];
  const own = daily("20261107T000000Z-00000007", {});
  expect(lastGoodDaily(runs, "a", own)?.id).toBe("20261102T000000Z-00000002");
});

test("a good daily run without numbers of these loads is no baseline: nothing would be compared", () => {
  const daily = (id: string, more: Partial<Run> = {}) =>
    run({}, { id, scenario: { id: "a", runType: "daily", good: true }, ...more });
  const measured = daily("20261101T000000Z-00000001");
  const unmeasured = daily("20261102T000000Z-00000002", { cells: [] });
  const other = daily("20261103T000000Z-00000003", { cells: [{ ...cell({}), id: "serve-benchmark/other" }] });
  expect(lastGoodDaily([measured, unmeasured, other], "a", daily("20261104T000000Z-00000004"))?.id).toBe(measured.id);
});
