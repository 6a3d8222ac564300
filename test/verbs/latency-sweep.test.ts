import { existsSync } from "node:fs";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { EngineRecord } from "../../src/result/engine-record.ts";
import { readCells } from "../../src/verbs/cell-files.ts";
import { latencySweep, planSweep } from "../../src/verbs/latency-sweep.ts";
import { recordingTools } from "../support/recording-tools.ts";

const DRIVER = join(import.meta.dirname, "..", "support", "fake-driver.ts");

/** A working folder and a stand-in for Python that plays a story of test/support/fake-driver.ts. */
async function sweepRoom(story: string) {
  const folder = await createFixture({ "out/.keep": "" });
  const python = folder.getPath("python3");
  await writeFile(python, `#!/bin/sh\nshift\nexec "${process.execPath}" "${DRIVER}" "$@"\n`);
  await chmod(python, 0o755);
  const output = folder.getPath("out");
  const defaults = latencySweep.inputs.parse({ output, mode: "offline", model: "m", engineArgs: [story] });
  const inputs = { ...defaults, batchSizes: [1, 2, 4], inputLen: 4, outputLen: 2, warmup: 1, iterations: 3 };
  const env = { ...process.env, PITWALL_PYTHON: python };
  const driverRuns = async () => {
    const pid = Number(await readFile(join(output, "raw", "latency-sweep-events.jsonl.pid"), "utf8"));
    return existsSync(`/proc/${pid}`);
  };
  return { inputs, env, output, driverRuns, [Symbol.asyncDispose]: () => folder.rm() };
}

describe("latency-sweep in offline mode", () => {
  test("writes one cell and one vLLM-shaped file a size, and the engine's record", async () => {
    await using room = await sweepRoom("whole");
    const outcome = await latencySweep.run(room.inputs, recordingTools(room));
    expect(outcome).toMatchObject({ ok: true, outputs: { cellsOk: 3, cellsFailed: 0 } });
    const cells = await readCells(room.output);
    expect(cells.map((cell) => cell.id)).toEqual([
      "latency-sweep/in_4_out_2_bs_1",
      "latency-sweep/in_4_out_2_bs_2",
      "latency-sweep/in_4_out_2_bs_4",
    ]);
    expect(cells[1]).toMatchObject({
      status: "measured",
      warmupSeconds: 0.5,
      measurement: { kind: "iterations", latenciesS: [1.2, 1.21, 1.22], outputTokens: [2, 2] },
    });
    const raw = JSON.parse(await readFile(join(room.output, "raw", "latency_bs2.json"), "utf8"));
    expect(raw.latencies).toEqual([1.2, 1.21, 1.22]);
    expect(raw.avg_latency).toBeCloseTo(1.21, 12);
    expect(Object.keys(raw.percentiles)).toEqual(["10", "25", "50", "75", "90", "99"]);
    const engine = EngineRecord.parse(JSON.parse(await readFile(join(room.output, "engine-offline.json"), "utf8")));
    expect(engine).toMatchObject({
      kind: "vllm",
      version: "0.32.0",
      secondsToReady: 12.5,
      dtype: "bfloat16",
      args: ["whole"],
    });
  });

  test("a crash loses only the rest: earlier sizes stay, the others are engine_crashed with the log", async () => {
    await using room = await sweepRoom("crash");
    const outcome = await latencySweep.run(room.inputs, recordingTools(room));
    expect(outcome).toMatchObject({ ok: false, outputs: { cellsOk: 1, cellsFailed: 2 } });
    expect(await readCells(room.output)).toMatchObject([
      { status: "measured" },
      {
        status: "failed",
        reason: "engine_crashed",
        measurement: { latenciesS: [1] },
        logTail: expect.stringContaining("Engine core"),
      },
      { status: "failed", reason: "engine_crashed", detail: expect.stringContaining("exit code 3") },
    ]);
  });

  test("a size that runs out of memory leaves the others good", async () => {
    await using room = await sweepRoom("oom");
    await latencySweep.run(room.inputs, recordingTools(room));
    expect((await readCells(room.output)).map((cell) => ("reason" in cell ? cell.reason : cell.status))).toEqual([
      "measured",
      "out_of_memory",
      "measured",
    ]);
  });

  test("an engine that is not up in time is startup_timeout, and the driver is stopped", async () => {
    await using room = await sweepRoom("never-ready");
    await latencySweep.run({ ...room.inputs, startTimeout: 1 }, recordingTools(room));
    expect((await readCells(room.output)).map((cell) => "reason" in cell && cell.reason)).toEqual(
      Array(3).fill("startup_timeout"),
    );
    expect(await room.driverRuns()).toBe(false);
  });

  test("an interrupted sweep leaves skipped cells and no process", async () => {
    await using room = await sweepRoom("never-ready");
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 1000);
    const outcome = await latencySweep.run(room.inputs, recordingTools({ ...room, signal: stop.signal }));
    expect(outcome.ok).toBe(false);
    expect((await readCells(room.output)).map(({ status }) => status)).toEqual(Array(3).fill("skipped"));
    expect(await room.driverRuns()).toBe(false);
  });

  test("lengths that the model's context cannot hold are refused with the driver's words", async () => {
    await using room = await sweepRoom("refuse");
    await expect(latencySweep.run(room.inputs, recordingTools(room))).rejects.toThrow(
      "input 4 + output 2 = 6 tokens do not fit",
    );
  });

  test("no Python is an error that says what to do", async () => {
    await using room = await sweepRoom("whole");
    const tools = recordingTools({ env: { PITWALL_PYTHON: "/nowhere/python3" } });
    await expect(latencySweep.run(room.inputs, tools)).rejects.toThrow(
      /\/nowhere\/python3 could not be started.*PITWALL_PYTHON/,
    );
  });

  test("cells of an earlier sweep are gone", async () => {
    await using room = await sweepRoom("whole");
    await latencySweep.run(room.inputs, recordingTools(room));
    await latencySweep.run({ ...room.inputs, batchSizes: [2] }, recordingTools(room));
    expect((await readCells(room.output)).map(({ id }) => id)).toEqual(["latency-sweep/in_4_out_2_bs_2"]);
  });
});

test("without a server and without a model it says what to do", async () => {
  await using folder = await createFixture({});
  const inputs = latencySweep.inputs.parse({ output: folder.path });
  await expect(latencySweep.run(inputs, recordingTools())).rejects.toThrow(/name a --model .* or start a server first/);
});

test("the seeds' sweep is batch sizes 1 to 8, 512 in, 128 out, 10 warm-ups and 30 iterations", () => {
  const plans = planSweep(latencySweep.inputs.parse({}), "offline");
  expect(plans.map(({ params }) => params.batchSize)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(plans[0]).toEqual({
    id: "latency-sweep/in_512_out_128_bs_1",
    benchmark: "latency-sweep",
    params: {
      mode: "offline",
      batchSize: 1,
      inputLen: 512,
      outputLen: 128,
      iterations: 30,
      warmup: 10,
      seed: 0,
      n: 1,
      temperature: 1,
      topP: 1,
      detokenize: true,
      prefixCaching: false,
    },
  });
});
