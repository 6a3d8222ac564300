import { describe, expect, test } from "vitest";
import { assembleRun, type RunParts } from "../../../src/result/assemble/assemble.ts";
import type { Cell } from "../../../src/result/document/cell.ts";
import type { EngineRecord } from "../../../src/result/document/engine-record.ts";
import { Run } from "../../../src/result/document/run.ts";
import { sampleRun } from "../../support/run-document.ts";

const identity = (batchSize: number) => ({
  schema: "pitwall.cell/1" as const,
  id: `latency-sweep/in_4_out_2_bs_${batchSize}`,
  benchmark: "latency-sweep" as const,
  params: { batchSize, inputLen: 4, outputLen: 2, iterations: 2 },
  client: { kind: "pitwall", version: "1.0.0" },
});
const clock = {
  startedAt: "2026-11-22T06:46:00.000Z",
  finishedAt: "2026-11-22T06:47:00.000Z",
  warmupSeconds: 10,
  measuredSeconds: 40,
};

const measured = (batchSize: number): Cell => ({
  ...identity(batchSize),
  ...clock,
  status: "measured",
  measurement: {
    kind: "iterations",
    latenciesS: [1, 2],
    inputTokens: Array(batchSize).fill(4),
    outputTokens: Array(batchSize).fill(2),
  },
});
const crashed: Cell = {
  ...identity(4),
  ...clock,
  status: "failed",
  reason: "engine_crashed",
  detail: "gone",
  logTail: "log",
};
const cancelled: Cell = { ...identity(8), status: "skipped", reason: "cancelled", detail: "stopped" };

const engine: EngineRecord = {
  schema: "pitwall.engine/1",
  kind: "vllm",
  baseUrl: "http://127.0.0.1:8000",
  model: "m",
  modelPath: "m",
  version: "0.32.0",
  maxModelLen: 4096,
  dtype: "bfloat16",
  args: ["--quantization", "fp8"],
  command: ["vllm"],
  pid: 1,
  processStart: "1",
  secondsToReady: 20,
  startedAt: "2026-11-22T06:45:30.000Z",
  logFile: null,
};
const parts = (cells: Cell[]): RunParts => ({
  cells,
  engines: [engine],
  trigger: sampleRun.trigger,
  host: sampleRun.host,
  suffix: "7f3a9c2e",
  options: {},
});

describe("assembleRun", () => {
  test("makes a valid document, the same one from the same parts", () => {
    const run = assembleRun(parts([measured(1)]));
    expect(Run.parse(run)).toEqual(run);
    expect(assembleRun(parts([measured(1)]))).toEqual(run);
  });

  test("its id and span come from the first and last moment of engine and cells", () => {
    const { id, startedAt, finishedAt } = assembleRun(parts([measured(1)]));
    expect([id, startedAt, finishedAt]).toEqual(["20261122T064530Z-7f3a9c2e", engine.startedAt, clock.finishedAt]);
  });

  test("names image and digest of an engine that ran in a container", () => {
    const ofImage = { image: "vllm/vllm-openai:v0.11.0", imageDigest: "vllm/vllm-openai@sha256:d19e57" };
    const container = { program: "docker", daemon: null, name: "pitwall-1", id: null, pid: null };
    const run = assembleRun({
      ...parts([measured(1)]),
      engines: [{ ...engine, kind: "docker", ...ofImage, container }],
    });
    expect(Run.parse(run).engine).toMatchObject({ kind: "docker", ...ofImage });
  });

  test("keeps the log that several cells share at the first of them, and names it at the others", () => {
    const twins = [2, 4, 8].map((batchSize) => ({ ...crashed, ...identity(batchSize) }));
    const run = assembleRun(parts([...twins, { ...crashed, ...identity(16), logTail: "another" }]));
    expect(Run.parse(run).cells).toMatchObject([
      { logTail: "log" },
      { logTailOf: identity(2).id },
      { logTailOf: identity(2).id },
      { logTail: "another" },
    ]);
    expect(JSON.stringify(run).match(/"log"/g)).toHaveLength(1);
  });

  test("orders cells by their numbers: 10 comes after 2", () => {
    const { cells } = assembleRun(parts([measured(10), measured(2), measured(1)]));
    expect(cells.map(({ params }) => params.batchSize)).toEqual([1, 2, 10]);
  });

  test.each([
    [[measured(1)], "ok"],
    [[measured(1), crashed], "failed"],
    [[measured(1), crashed, cancelled], "cancelled"],
    [[], "failed"],
  ] as [Cell[], string][])("case %#: outcome is %j", (cells, outcome) =>
    expect(assembleRun(parts(cells)).outcome).toBe(outcome),
  );

  test("a cell that another client measured says so", () => {
    const theirs = { ...measured(2), client: { kind: "vllm", version: "0.32.0" } };
    const { client, cells } = assembleRun(parts([measured(1), theirs]));
    expect([client.kind, cells.map((cell) => cell.client?.kind)]).toEqual(["pitwall", [undefined, "vllm"]]);
  });

  test("a failed cell keeps its reason and log, and no metrics", () => {
    const [cell] = assembleRun(parts([crashed])).cells;
    expect(cell).toMatchObject({ status: "failed", reason: "engine_crashed", logTail: "log" });
    expect(cell).not.toHaveProperty("metrics");
  });

  test("accounts for every second", () => {
    expect(assembleRun(parts([measured(1)])).time).toEqual({
      engineStartSeconds: 20,
      warmupSeconds: 10,
      measuredSeconds: 40,
      overheadSeconds: 20,
    });
  });

  test("counts a start that was measured as that and nothing else", () => {
    const started: EngineRecord = { ...engine, startMeasured: true };
    const { time, engine: told } = assembleRun({ ...parts([measured(1)]), engines: [started] });
    expect(time).toMatchObject({ engineStartSeconds: 0, measuredSeconds: 40, overheadSeconds: 40 });
    expect(told.secondsToReady).toBe(20);
  });

  test("a simulated engine behind a base URL is still called simulated", () => {
    const remote: EngineRecord = { ...engine, kind: "remote", version: "0.1.0-simulated" };
    expect(assembleRun({ ...parts([measured(1)]), engines: [remote] }).simulated).toBe(true);
  });

  test("numbers are simulated when the engine is, and those of any other are real", () => {
    const simulatedBy = (changes: Partial<EngineRecord>) =>
      assembleRun({ ...parts([measured(1)]), engines: [{ ...engine, ...changes }] }).simulated;
    expect(simulatedBy({ kind: "simulated", version: "1.0.0" })).toBe(true);
    expect(simulatedBy({ kind: "vllm", version: "0.32.0" })).toBe(false);
    expect(simulatedBy({ kind: "remote", version: null })).toBe(false);
  });
});
