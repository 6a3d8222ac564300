import { existsSync } from "node:fs";
import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/errors.ts";
import { EngineRecord } from "../../../src/result/document/engine-record.ts";
import { readLatencyFile } from "../../../src/result/vllm/latency-file.ts";
import { importData } from "../../../src/verbs/import/import.ts";
import { latencySweep } from "../../../src/verbs/latency-sweep/latency-sweep.ts";
import { planSweep } from "../../../src/verbs/sweep/plan.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const DRIVER = join(import.meta.dirname, "..", "..", "support", "fake-driver.ts");

/** A working folder and a stand-in for Python that plays a story of test/support/fake-driver.ts. */
async function sweepRoom(story: string) {
  const folder = await createFixture({ "out/.keep": "" });
  const python = folder.getPath("python3");
  await writeFile(python, `#!/bin/sh\nshift\nexec "${process.execPath}" "${DRIVER}" "$@"\n`);
  await chmod(python, 0o755);
  const output = folder.getPath("out");
  const defaults = latencySweep.inputs.parse({ output, mode: "offline", model: "m", engineArgs: [story] });
  const inputs = { ...defaults, batchSizes: [1, 2, 4], inputLen: [4], outputLen: [2], warmup: 1, iterations: 3 };
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

  test("a crash loses only the rest: the size under way is engine_crashed with the log, larger ones are skipped", async () => {
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
      {
        status: "skipped",
        reason: "engine_crashed",
        detail: expect.stringMatching(/^not measured: the sweep ended at batch 2, 4 in, 2 out: .*exit code 3/),
      },
    ]);
  });

  test("an engine that dies of too little memory leaves the smaller sizes good, and names the size", async () => {
    await using room = await sweepRoom("oom-death");
    await latencySweep.run(room.inputs, recordingTools(room));
    expect(await readCells(room.output)).toMatchObject([
      { status: "measured" },
      { status: "failed", reason: "out_of_memory", logTail: expect.stringContaining("out of memory") },
      { status: "skipped", reason: "out_of_memory", detail: expect.stringContaining("ended at batch 2, 4 in, 2 out") },
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

  test("lengths that the model's context cannot hold fail every size with the driver's words", async () => {
    await using room = await sweepRoom("refuse");
    await latencySweep.run(room.inputs, recordingTools(room));
    const failure = { reason: "environment", detail: expect.stringContaining("4 + output 2 = 6 tokens do not fit") };
    expect(await readCells(room.output)).toMatchObject([failure, failure, failure]);
  });

  test("a flag that this vLLM does not know fails every size with its name and the log", async () => {
    await using room = await sweepRoom("bad-flag");
    await latencySweep.run(room.inputs, recordingTools(room));
    const cells = await readCells(room.output);
    expect(cells).toHaveLength(3);
    for (const cell of cells) {
      expect(cell).toMatchObject({
        status: "failed",
        detail: expect.stringMatching(/does not know the argument --no-such-flag/),
        logTail: expect.stringContaining("--no-such-flag"),
      });
    }
  });

  test("lengths are a grid for one engine, and its raw files begin with the batch size", async () => {
    await using room = await sweepRoom("whole");
    const grid = { batchSizes: [1, 2], inputLen: [4, 8], outputLen: [2] };
    const outcome = await latencySweep.run({ ...room.inputs, ...grid }, recordingTools(room));
    expect(outcome).toMatchObject({ ok: true, outputs: { cellsOk: 4 } });
    expect((await readdir(join(room.output, "raw"))).filter((name) => /^latency_bs\d/.test(name)).sort()).toEqual(
      ["bs1_in_4", "bs1_in_8", "bs2_in_4", "bs2_in_8"].flatMap((name) => [
        `latency_${name}_out_2.json`,
        `latency_${name}_out_2.pytorch.json`,
      ]),
    );
  });

  test("PyTorch's benchmark format lies beside, and no reader of results takes it for one", async () => {
    await using room = await sweepRoom("whole");
    await latencySweep.run(room.inputs, recordingTools(room));
    const path = join(room.output, "raw", "latency_bs2.pytorch.json");
    const text = await readFile(path, "utf8");
    expect(JSON.parse(text)).toMatchObject([
      {
        benchmark: { name: "vLLM benchmark", extra_info: { args: { batch_size: 2, input_len: 4, output_len: 2 } } },
        model: { name: "m" },
        metric: { name: "latency", benchmark_values: [1.2, 1.21, 1.22], extra_info: { percentiles: { 50: 1.21 } } },
      },
    ]);
    expect(() => readLatencyFile(text, path)).toThrow(/is not a result of/);
    const asked = { files: [path], model: "m", hostLabel: "h", inputLen: "4", outputLen: "2" };
    for (const format of ["latencies", "serving", "concurrency", "vllm"]) {
      const inputs = importData.inputs.parse({ ...asked, format, offeredTokensPerSecond: "1" });
      await expect(importData.run(inputs, recordingTools())).rejects.toThrow(UserError);
    }
    expect(await readCells(room.output)).toHaveLength(3);
  });

  test("raw files and profiles of an earlier sweep are gone after --clean", async () => {
    await using room = await sweepRoom("whole");
    await latencySweep.run(room.inputs, recordingTools(room));
    await mkdir(join(room.output, "raw", "profile"));
    await latencySweep.run({ ...room.inputs, batchSizes: [2], clean: true }, recordingTools(room));
    expect((await readdir(join(room.output, "raw"))).sort()).toEqual([
      "latency-sweep-events.jsonl",
      "latency-sweep-events.jsonl.pid",
      "latency-sweep-plan.json",
      "latency_bs2.json",
      "latency_bs2.pytorch.json",
    ]);
  });

  test("no Python is an error that says what to do", async () => {
    await using room = await sweepRoom("whole");
    const tools = recordingTools({ env: { PITWALL_PYTHON: "/nowhere/python3" } });
    await expect(latencySweep.run(room.inputs, tools)).rejects.toThrow(
      /\/nowhere\/python3 could not be started.*PITWALL_PYTHON/,
    );
  });

  test("cells of an earlier sweep stay, unless their engine was started otherwise", async () => {
    await using room = await sweepRoom("whole");
    const other = { ...room.inputs, batchSizes: [2] };
    await latencySweep.run(room.inputs, recordingTools(room));
    await latencySweep.run(other, recordingTools(room));
    const ids = [1, 2, 4].map((size) => `latency-sweep/in_4_out_2_bs_${size}`);
    expect((await readCells(room.output)).map(({ id }) => id)).toEqual(ids);
    const eager = { ...other, engineArgs: ["--enforce-eager"] };
    await expect(latencySweep.run(eager, recordingTools(room))).rejects.toThrow(
      /holds cells of latency-sweep from another engine \(m.*\).* or remove them with --clean/,
    );
    expect((await readCells(room.output)).map(({ id }) => id)).toEqual(ids);
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

test("other sampling than vLLM's own latency benchmark is recorded, and makes a series of its own", () => {
  const over = { batchSizes: "2", n: "4", useBeamSearch: true, profile: true };
  const plans = planSweep(latencySweep.inputs.parse(over), "offline");
  expect(plans.map(({ id }) => id)).toEqual(["latency-sweep/in_512_out_128_bs_2_beam_4"]);
  expect(plans[0]!.params).toMatchObject({ n: 4, temperature: 0, beamSearch: true, profile: true });
});

test.each([
  [{ useBeamSearch: true, temperature: "0.5" }, "offline", /--use-beam-search is greedy/],
  [{ useBeamSearch: true, detokenize: false }, "offline", /--use-beam-search is greedy/],
  [{ temperature: "0,1", n: "1,2" }, "offline", /--temperature 0 gives the same sequence each time/],
  [{ profile: true }, "server", /--profile needs the offline engine/],
] as const)("%j in %s mode is refused", (over, mode, message) => {
  expect(() => planSweep(latencySweep.inputs.parse(over), mode)).toThrow(message);
});

test.each([
  [{ batchSizes: "8-1" }, /ends before it starts/],
  [{ batchSizes: "1-8:0" }, /step/],
  [{ inputLen: "0" }, /1 or more/],
  [{ temperature: "warm" }, /from 0 to 2/],
  [{ topP: "0" }, /above 0, up to 1/],
  [{ n: "0" }, /1 or more/],
])("%j is refused", (over, message) => {
  expect(latencySweep.inputs.safeParse(over).error?.message).toMatch(message);
});

test("a temperature given twice is one", () => {
  const plans = planSweep(latencySweep.inputs.parse({ batchSizes: "1", temperature: "0,0,1" }), "offline");
  expect(plans.map(({ params }) => params.temperature)).toEqual([0, 1]);
});

test("a range has both ends, or ends at its last whole step", () => {
  expect(latencySweep.inputs.parse({ batchSizes: "1-64:8" }).batchSizes).toEqual([1, 9, 17, 25, 33, 41, 49, 57]);
  expect(latencySweep.inputs.parse({ inputLen: "128,512", outputLen: "16-128:112" })).toMatchObject({
    inputLen: [128, 512],
    outputLen: [16, 128],
  });
});
