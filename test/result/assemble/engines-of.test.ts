import { expect, test } from "vitest";
import { enginesOf } from "../../../src/result/assemble/engines-of.ts";
import type { Cell } from "../../../src/result/document/cell.ts";
import type { EngineRecord } from "../../../src/result/document/engine-record.ts";

const record = (over: Partial<EngineRecord>): EngineRecord => ({
  schema: "pitwall.engine/1",
  kind: "vllm",
  baseUrl: "http://127.0.0.1:8000",
  model: "llama",
  modelPath: "llama",
  version: "0.32.0",
  maxModelLen: 4096,
  dtype: null,
  args: [],
  command: [],
  pid: null,
  processStart: null,
  secondsToReady: 30,
  startedAt: "2026-11-22T06:00:00.000Z",
  logFile: null,
  ...over,
});
const offline = record({ baseUrl: null, startedAt: "2026-11-22T05:00:00.000Z" });
const cell = (mode: "offline" | "server", startedAt = "2026-11-22T06:30:00.000Z"): Cell => ({
  schema: "pitwall.cell/1",
  id: `latency-sweep/${mode}`,
  benchmark: "latency-sweep",
  params: { mode },
  client: { kind: "pitwall", version: "1" },
  startedAt,
  finishedAt: startedAt,
  warmupSeconds: 0,
  measuredSeconds: 0,
  status: "failed",
  reason: "engine_crashed",
  detail: "",
});

test("cells of a server and of the offline engine name both, the server first", () => {
  const server = record({});
  expect(enginesOf([cell("offline"), cell("server")], [server, offline])).toEqual({ engines: [server, offline] });
});

test("the server is the one with an address, wherever its record stands", () => {
  const server = record({});
  expect(enginesOf([cell("server")], [offline, server])).toEqual({ engines: [server] });
});

test("a measured cell needs the record of the engine that it was measured with", () => {
  const measurement = { kind: "starts", starts: [] };
  const measured = (mode: "offline" | "server") => ({ ...cell(mode), status: "measured", measurement }) as Cell;
  expect(enginesOf([measured("server")], [record({})])).toEqual({ engines: [record({})] });
  expect(enginesOf([measured("offline")], [record({})])).toEqual({
    problem: "latency-sweep/offline was measured with an engine whose record is gone",
  });
});

test("a record that no cell needs is left out", () => {
  const stale = record({ kind: "simulated", modelPath: "sim/h100-8b" });
  expect(enginesOf([cell("offline")], [stale, offline])).toEqual({ engines: [offline] });
});

test("cells of different engines in one folder are refused", () => {
  const other = record({ kind: "simulated", modelPath: "sim/h100-8b" });
  expect(enginesOf([cell("offline"), cell("server")], [other, offline])).toEqual({
    problem: "the cells are of two engines: simulated with sim/h100-8b and vllm with llama",
  });
});

test("engines that differ in what a series is known by are two, others are one", () => {
  const sweep = record({ baseUrl: null, args: ["-tp", "2", "--quantization", "fp8"] });
  expect(enginesOf([cell("offline"), cell("server")], [record({}), sweep])).toEqual({
    problem: "the cells are of two engines: vllm with llama and vllm with llama on 2 GPUs in fp8",
  });
  const shorter = record({ baseUrl: null, args: ["--max-model-len", "2048"] });
  expect(enginesOf([cell("offline"), cell("server")], [record({}), shorter])).not.toHaveProperty("problem");
});

test("a cell that is older than the engine was measured on another one", () => {
  const early = cell("server", "2026-11-22T05:59:59.000Z");
  expect(enginesOf([early], [record({})])).toEqual({
    problem: "latency-sweep/server was measured before the engine of engine.json was started",
  });
});

test("a cell that was measured the moment the engine was started is its own, and one that was skipped says nothing", () => {
  const server = record({});
  expect(enginesOf([cell("server", server.startedAt)], [server])).toEqual({ engines: [server] });
  const { startedAt: _, ...rest } = cell("server", "2026-11-22T05:59:59.000Z") as Extract<Cell, { status: "failed" }>;
  const skipped: Cell = { ...rest, status: "skipped", reason: "cancelled", detail: "stopped" };
  expect(enginesOf([skipped], [server])).toEqual({ engines: [server] });
});

test("an engine that never came up stands for all its cells", () => {
  const never = record({ baseUrl: null, secondsToReady: null, startedAt: "2026-11-22T07:00:00.000Z" });
  expect(enginesOf([cell("offline"), cell("server")], [never])).toEqual({ engines: [never] });
});

test("a measured start stands for its own cells alone, and behind the engine of the others", () => {
  const started = record({ startMeasured: true, startedAt: "2026-11-22T07:00:00.000Z" });
  const server = record({ startedAt: "2026-11-22T05:30:00.000Z" });
  const start: Cell = { ...cell("server", "2026-11-22T05:00:00.000Z"), benchmark: "startup-benchmark" };
  expect(enginesOf([start], [started])).toEqual({ engines: [started] });
  expect(enginesOf([start, cell("server")], [server, started])).toEqual({ engines: [server, started] });
  expect(enginesOf([cell("server")], [server, started])).toEqual({ engines: [server] });
  const other = record({ startMeasured: true, modelPath: "qwen" });
  expect(enginesOf([start, cell("server")], [server, other])).toMatchObject({
    problem: "the cells are of two engines: vllm with llama and vllm with qwen",
  });
});

test("a measured cell is not filed under another engine when the record of its own is gone", () => {
  const started = record({ startMeasured: true });
  const start: Cell = { ...cell("server"), benchmark: "startup-benchmark" };
  const measured = (mode: "offline" | "server") => ({ ...cell(mode), status: "measured" }) as Cell;
  const problemOf = (id: string) => ({ problem: `${id} was measured with an engine whose record is gone` });
  expect(enginesOf([start, measured("server")], [started])).toEqual(problemOf("latency-sweep/server"));
  expect(enginesOf([measured("offline"), cell("server")], [record({})])).toEqual(problemOf("latency-sweep/offline"));
  const measuredStart: Cell = { ...measured("server"), id: "startup-benchmark/cold", benchmark: "startup-benchmark" };
  expect(enginesOf([measuredStart, cell("server")], [record({})])).toEqual(problemOf("startup-benchmark/cold"));
  expect(enginesOf([start, cell("server")], [started]), "one that failed belongs to nobody").toEqual({
    engines: [started],
  });
});

test("no record at all is named", () => {
  expect(enginesOf([cell("server")], [])).toMatchObject({ problem: expect.stringContaining("start-engine") });
});
