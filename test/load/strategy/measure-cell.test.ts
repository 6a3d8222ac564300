import { describe, expect, test } from "vitest";
import type { EngineMonitor } from "../../../src/engine/watch/monitor.ts";
import { UsageError, UserError } from "../../../src/errors.ts";
import type { ClientEnd, ServingClient } from "../../../src/load/client/serving-client.ts";
import { measureCell } from "../../../src/load/strategy/measure-cell.ts";
import type { ServingCell } from "../../../src/load/strategy/serving-cell.ts";
import { Cell } from "../../../src/result/document/cell.ts";
import type { Failure } from "../../../src/result/document/reason.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { CLIENT_FAILED, LOAD, measured, playing } from "../serving-ends.ts";

const CELL: ServingCell = {
  plan: {
    id: "serve-benchmark/in_10_out_3_concurrency_4",
    benchmark: "serve-benchmark",
    params: { inputLen: 10, outputLen: 3, concurrency: 4, numPrompts: 2 },
  },
  load: LOAD,
  strategy: { kind: "once" },
  limitSeconds: 60,
  slos: [],
};
const CLIENT: Pick<ServingClient, "identity"> = { identity: { kind: "pitwall", version: "1" } };
const DEAD: Failure = { reason: "engine_crashed", detail: "the engine's process ended", logTail: "CUDA error" };

/** Watches an engine that is dead, or is not. */
function monitorOver(death?: Failure) {
  let diagnoses = 0;
  const monitor: EngineMonitor = {
    signal: new AbortController().signal,
    cause: () => death,
    diagnose: async () => {
      diagnoses += 1;
      return death;
    },
    close: () => {},
  };
  return { monitor, diagnoses: () => diagnoses };
}

async function measure(changes: Partial<ServingCell>, ends: ClientEnd[], death?: Failure) {
  const { monitor, diagnoses } = monitorOver(death);
  const { attempt, asked } = playing(...ends);
  const client = CLIENT as ServingClient;
  const cell = await measureCell({ ...CELL, ...changes }, client, monitor, { attempt, tell: () => {} });
  expect(Cell.parse(cell)).toEqual(cell);
  return { cell, asked, diagnoses: diagnoses() };
}

test("a cell that went well holds what its client measured, and nobody asks after the engine", async () => {
  const { cell, asked, diagnoses } = await measure({}, [measured(30)]);
  expect(cell).toMatchObject({
    id: CELL.plan.id,
    client: CLIENT.identity,
    status: "measured",
    warmupSeconds: 1,
    measuredSeconds: 2,
    measurement: { kind: "requests" },
    health: { cpuSeconds: 1 },
  });
  expect(cell).not.toHaveProperty("slos");
  expect(asked).toEqual([{ load: LOAD, tag: "" }]);
  expect([gateCell(cell).status, diagnoses]).toEqual(["ok", 0]);
});

test("limits of a request are kept beside the samples", async () => {
  const slos: ServingCell["slos"] = [{ metric: "ttft_ms", limitMs: 500 }];
  expect((await measure({ slos }, [measured(30)])).cell).toMatchObject({ slos });
});

test("a cell whose requests failed on a living engine stays as it was measured, for the gate to judge", async () => {
  const { cell, diagnoses } = await measure({}, [measured(30, { error: "http_500: oops" })]);
  expect([cell.status, diagnoses]).toEqual(["measured", 1]);
  expect(gateCell(cell)).toMatchObject({ status: "failed", reason: "incomplete_requests" });
});

test("a cell whose engine died says so with its last words, and keeps its samples", async () => {
  const ends = [measured(30, { error: "cancelled: the engine's process ended" })];
  expect((await measure({}, ends, DEAD)).cell).toMatchObject({
    status: "failed",
    ...DEAD,
    measurement: { kind: "requests" },
  });
});

test("a client that failed by itself is the reason, unless the engine is dead", async () => {
  expect((await measure({}, [CLIENT_FAILED])).cell).toMatchObject({ status: "failed", reason: "client_failed" });
  expect((await measure({}, [CLIENT_FAILED], DEAD)).cell).toMatchObject({ reason: "engine_crashed" });
});

test("repeats are measured until one is not good", async () => {
  const strategy = { kind: "repeat", times: 3 } as const;
  const good = await measure({ strategy }, [measured(30)]);
  expect(good.asked).toHaveLength(3);
  expect(gateCell(good.cell)).toMatchObject({ status: "ok", repeats: { count: 3 } });
  const limited = await measure({ strategy }, [measured(30, { limitedBy: ["it was busy"] })]);
  expect(limited.asked).toHaveLength(1);
  expect(gateCell(limited.cell)).toMatchObject({ status: "failed", reason: "client_limited" });
});

test("a search keeps its probes in the cell, found or not, and with a dead engine too", async () => {
  const strategy: ServingCell["strategy"] = {
    kind: "find",
    find: "max-concurrency",
    plan: { integers: true, start: 1, min: 1, max: 1, tolerance: 0.05, mostProbes: 3 },
    objectives: [
      { text: "e2el_ms.p99<500", key: "e2el_ms.p99", metric: "e2el_ms", statistic: "p99", comparison: "<", limit: 500 },
    ],
    loadAt: () => LOAD,
  };
  const plan = { ...CELL.plan, params: { inputLen: 10, outputLen: 3, find: "max-concurrency" } };
  const found = await measure({ strategy, plan }, [measured(30)]);
  expect(gateCell(found.cell)).toMatchObject({ status: "ok", metrics: { found_concurrency: 1 } });
  const missed = await measure({ strategy, plan }, [measured(900)]);
  expect(gateCell(missed.cell)).toMatchObject({ status: "failed", reason: "objectives_missed" });
  const crashed = await measure({ strategy, plan }, [measured(9, { error: "cancelled: gone" })], DEAD);
  expect(crashed.cell).toMatchObject({ reason: "engine_crashed", search: { probes: [] } });
});

describe("what is thrown while a cell is measured", () => {
  async function throwing(error: Error) {
    const told: string[] = [];
    const { monitor } = monitorOver();
    const attempt = () => Promise.reject(error);
    const cell = await measureCell(CELL, CLIENT as ServingClient, monitor, {
      attempt,
      tell: (line) => told.push(line),
    });
    expect(Cell.parse(cell)).toEqual(cell);
    return { cell, told };
  }

  test.each([
    [new RangeError("Invalid array length"), "a bug of pitwall: RangeError: Invalid array length"],
    [new UserError("the disk is full"), "the disk is full"],
  ])("fails that cell (%s), and says where it was", async (error, detail) => {
    const { cell, told } = await throwing(error);
    expect(cell).toMatchObject({ id: CELL.plan.id, status: "failed", reason: "client_failed", detail });
    expect(told).toEqual([error.stack]);
  });

  test("ends the run where the command itself cannot be done", () =>
    expect(throwing(new UsageError("no such flag"))).rejects.toThrow("no such flag"));
});
