import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { z } from "zod";
import type { Cell, Measurement } from "../../../src/result/document/cell.ts";
import type { EngineRecord } from "../../../src/result/document/engine-record.ts";
import { readServeFile } from "../../../src/result/vllm/file.ts";
import { servingInputs } from "../../../src/verbs/serve-benchmark/inputs.ts";
import { rawFolderOf, writeRequestFiles } from "../../../src/verbs/serve-benchmark/request-files.ts";
import { requestSamples } from "../../support/request-samples.ts";

const ENGINE: EngineRecord = {
  schema: "pitwall.engine/1",
  kind: "simulated",
  baseUrl: "http://127.0.0.1:8000",
  model: "sim/tiny",
  modelPath: "sim/tiny",
  version: null,
  maxModelLen: null,
  dtype: null,
  args: [],
  command: [],
  pid: null,
  processStart: null,
  secondsToReady: null,
  startedAt: "2026-11-24T06:00:00Z",
  logFile: null,
};
const REQUESTS = requestSamples(
  [
    { sentMs: 0, tokensMs: [10, 15, 20] },
    { sentMs: 1, tokensMs: [12, 18, 25] },
  ],
  0.5,
);
const SINGLE: Measurement & { kind: "requests" } = { kind: "requests", requests: REQUESTS };
const cellOf = (measurement: Measurement, params: Cell["params"] = { requestRate: 2, burstiness: 0.5 }): Cell => ({
  schema: "pitwall.cell/1",
  id: "serve-benchmark/in_10_out_3_rate_2",
  benchmark: "serve-benchmark",
  params,
  client: { kind: "pitwall", version: "1" },
  startedAt: "2026-11-24T06:00:00Z",
  finishedAt: "2026-11-24T06:00:09Z",
  warmupSeconds: 0,
  measuredSeconds: 0.5,
  status: "measured",
  measurement,
});

/** Names and contents of what was written beside a cell. */
async function filesOf(cell: Cell, asked: object): Promise<Record<string, unknown>> {
  await using folder = await createFixture();
  const inputs = z.strictObject(servingInputs).parse({ output: folder.path, ...asked });
  await writeRequestFiles(cell, inputs, ENGINE);
  const raw = rawFolderOf(folder.path);
  const names = (await readdir(raw).catch(() => [])).toSorted();
  const contents = names.map(async (name) => [name, JSON.parse(await readFile(join(raw, name), "utf8"))]);
  return Object.fromEntries(await Promise.all(contents));
}

test("nothing is written unless it is asked for", async () => expect(await filesOf(cellOf(SINGLE), {})).toEqual({}));

test("every request and token is kept as columns", async () => {
  const files = await filesOf(cellOf(SINGLE), { saveRequests: true });
  expect(files).toEqual({
    "in_10_out_3_rate_2.requests.json": {
      durationS: 0.5,
      requests: expect.objectContaining({ request: [0, 1], sentMs: [0, 1] }),
      tokens: expect.objectContaining({ arrivedMs: [10, 15, 20, 12, 18, 25] }),
    },
  });
});

test("the shape of vllm bench serve has the load, and is read like a file of its own", async () => {
  const { "in_10_out_3_rate_2.json": file } = await filesOf(cellOf(SINGLE), { resultFormat: "vllm" });
  expect(file).toMatchObject({
    backend: "vllm",
    model_id: "sim/tiny",
    num_prompts: 2,
    request_rate: 2,
    burstiness: 0.5,
    max_concurrency: null,
    completed: 2,
    failed: 0,
    duration: 0.5,
  });
  expect(file).not.toHaveProperty("ttfts");
  expect(readServeFile(JSON.stringify(file), "in_10_out_3_rate_2.json").measurement.metrics).toMatchObject({
    completed: 2,
    output_throughput_tok_s: 12,
  });
});

test("a closed loop of a chat endpoint says so, and the samples come along where requests are saved", async () => {
  const cell = cellOf(SINGLE, { concurrency: 4, endpoint: "chat" });
  const files = await filesOf(cell, { resultFormat: "vllm", saveRequests: true });
  expect(Object.keys(files)).toEqual(["in_10_out_3_rate_2.json", "in_10_out_3_rate_2.requests.json"]);
  expect(files["in_10_out_3_rate_2.json"]).toMatchObject({
    backend: "openai-chat",
    request_rate: "inf",
    max_concurrency: 4,
    ttfts: [expect.closeTo(0.01, 9), expect.closeTo(0.011, 9)],
  });
});

test("a cell that was measured several times has a file of each", async () => {
  const files = await filesOf(cellOf({ kind: "repeated", repeats: [SINGLE, SINGLE] }), { saveRequests: true });
  expect(Object.keys(files)).toEqual([
    "in_10_out_3_rate_2_repeat_1.requests.json",
    "in_10_out_3_rate_2_repeat_2.requests.json",
  ]);
});

test("a failed cell keeps what it measured; one that measured nothing has no file", async () => {
  const { status, measurement, ...rest } = cellOf(SINGLE) as Extract<Cell, { status: "measured" }>;
  const failed = { ...rest, status: "failed", reason: "engine_crashed", detail: "gone" } as const;
  expect(Object.keys(await filesOf({ ...failed, measurement }, { saveRequests: true }))).toHaveLength(1);
  expect(await filesOf(failed, { saveRequests: true })).toEqual({});
});

test("what another tool only summed up is not made into samples", async () => {
  const reported: Measurement = { kind: "reported", tool: "vllm", metrics: {}, inputTokens: 1, outputTokens: 1 };
  expect(await filesOf(cellOf(reported), { saveRequests: true, resultFormat: "vllm" })).toEqual({});
});
