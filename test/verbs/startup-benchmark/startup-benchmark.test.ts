import { readdirSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { readJson } from "../../../src/files.ts";
import type { Cell } from "../../../src/result/document/cell.ts";
import { EngineRecord } from "../../../src/result/document/engine-record.ts";
import { Run } from "../../../src/result/document/run.ts";
import { planRun } from "../../../src/verbs/run/measure.ts";
import { run } from "../../../src/verbs/run/run.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { serveBenchmark } from "../../../src/verbs/serve-benchmark/serve-benchmark.ts";
import { startEngine } from "../../../src/verbs/start-engine/start-engine.ts";
import { startupBenchmark } from "../../../src/verbs/startup-benchmark/startup-benchmark.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { pitwall, startPitwall } from "../../support/cli.ts";
import { addExecutable, engineRoom, pidsOf } from "../../support/fake-engine.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const FAKES = join(import.meta.dirname, "..", "..", "support");
const startsOf = (cell: Cell) =>
  cell.status !== "skipped" && cell.measurement?.kind === "starts" ? cell.measurement.starts : [];
const logsIn = (output: string) => readdirSync(join(output, "logs")).toSorted();

/** Nothing that was started, and no cache, is left; the record is there for post-process and for nobody else. */
async function expectTidy(output: string): Promise<EngineRecord> {
  expect(readdirSync(output).filter((name) => /^engine\.|^start-cache/.test(name))).toEqual([]);
  const record = await readJson(join(output, "engine-startup.json"), EngineRecord);
  expect(record.startMeasured).toBe(true);
  if (record.pid !== null) expect(pidsOf(record)).toEqual([]);
  return record;
}

test("a run measures cold and warm starts of the simulated engine with their phases, then serves with another", async () => {
  await using folder = await createFixture({ ".pitwall/out/start-cache/of-a-killed-run/file": "" });
  const args = [
    ...["run", "--benchmarks", "startup-benchmark,serve-benchmark", "--model", "sim/tiny", "--skip-site"],
    ...["--engine-args", "--start-delay 0.2 --compile-cache", "--cold-starts", "1", "--warm-starts", "1"],
    ...["--pairs", "16:4", "--request-rate", "50", "--num-prompts", "10", "--client-limits", "off"],
  ];
  const { exitCode, stderr, stdout } = await pitwall(args, folder.path);
  expect(exitCode, stderr).toBe(0);
  const output = folder.getPath(".pitwall/out");
  const [cold, warm] = await readCells(output);
  expect([cold!.params, warm!.params]).toEqual([
    { cache: "cold", iterations: 1 },
    { cache: "warm", iterations: 1 },
  ]);
  expect(startsOf(cold!).map(({ phases }) => phases?.compileSeconds)).toEqual([0.06]);
  expect(startsOf(warm!).map(({ phases }) => phases?.compileSeconds)).toEqual([0.01]);
  for (const { readySeconds } of [cold!, warm!].flatMap(startsOf)) expect(readySeconds).toBeGreaterThan(0.2);
  const logs = ["engine.log", "startup-cold-1.log", "startup-fill.log", "startup-warm-1.log"];
  expect(logsIn(output)).toEqual(logs);
  expect(readdirSync(output)).not.toContain("start-cache");

  const document = await readJson(join(output, "run.json"), Run);
  expect(document).toMatchObject({ outcome: "ok", simulated: true, engine: { startPhases: { initSeconds: 0.12 } } });
  const cell = document.cells.find(({ id }) => id === "startup-benchmark/cold");
  expect(cell).toMatchObject({ status: "ok", metrics: { compile_s: { p50: 0.06, count: 1 } } });
  const { secondsToReady } = await readJson(join(output, "engine.json"), EngineRecord);
  expect(document.time!.engineStartSeconds).toBe(secondsToReady);
  expect(document.time!.warmupSeconds).toBeGreaterThan(0.2);
  expect(stdout).toContain("Engine start, phases by their median in seconds");
});

describe("a start that fails", () => {
  test("ends its cell, which keeps the class, the log and the starts before it; the other cell is measured", async () => {
    await using room = await engineRoom();
    const count = join(room.bin, "count");
    // What it finds in its cache, and one file more.
    const script = `ls "$VLLM_CACHE_ROOT" 2>/dev/null | wc -l >> "${count}"
mkdir -p "$VLLM_CACHE_ROOT" && mktemp -p "$VLLM_CACHE_ROOT"
[ $(wc -l < "${count}") = 2 ] && set -- "$@" --fake-exit 137
exec "${process.execPath}" "${join(FAKES, "fake-vllm.ts")}" "$@"`;
    await addExecutable(room.bin, "vllm", script);
    const given = { ...(await room.inputs()), coldStarts: 3, warmStarts: 1 };
    const tools = recordingTools(room);
    const outcome = await startupBenchmark.run(startupBenchmark.inputs.parse(given), tools);
    expect(outcome).toMatchObject({ ok: false, outputs: { cellsOk: 1, cellsFailed: 1 } });
    const [cold, warm] = await readCells(room.output);
    expect(cold).toMatchObject({
      status: "failed",
      reason: "engine_crashed",
      detail: expect.stringMatching(/^cold start 2 of 3: the engine ended with exit code 137/),
      logTail: expect.stringContaining("environment"),
    });
    expect(startsOf(cold!)).toHaveLength(1);
    // Two cold starts, the one that fills the cache, and the warm one.
    expect(readFileSync(count, "utf8").trim().split("\n")).toEqual(["0", "0", "0", "1"]);
    expect(warm).toMatchObject({ status: "measured", params: { cache: "warm", iterations: 1 } });
    expect(logsIn(room.output)).toContain("startup-cold-2.log");
    expect(await expectTidy(room.output)).toMatchObject({ kind: "vllm", version: "0.32.0" });
  });

  test("at once leaves a record of the engine that never was", async () => {
    await using room = await engineRoom();
    const given = { ...(await room.inputs()), engineArgs: ["--fake-exit", "1"], coldStarts: 1, warmStarts: 1 };
    await startupBenchmark.run(startupBenchmark.inputs.parse(given), recordingTools(room));
    expect(await readCells(room.output)).toMatchObject([
      { status: "failed", reason: "engine_crashed" },
      { status: "failed", detail: expect.stringMatching(/^the start that fills the cache: /) },
    ]);
    expect(await expectTidy(room.output)).toMatchObject({
      kind: "vllm",
      secondsToReady: null,
      modelPath: "tiny-llama",
    });
  });

  test("because it is cancelled stops the engine, and leaves out the rest", async () => {
    await using room = await engineRoom();
    const cancel = new AbortController();
    const given = { ...(await room.inputs()), engineArgs: ["--fake-ready-after", "600000"] };
    const tools = recordingTools({ env: room.env, signal: cancel.signal });
    const ended = startupBenchmark.run(startupBenchmark.inputs.parse(given), tools);
    const starting = await room.recorded("engine.starting.json");
    expect(readdirSync(join(room.output, "start-cache"))).toEqual([expect.stringMatching(/^cold-1-/)]);
    cancel.abort();
    expect(await ended).toMatchObject({ ok: false });
    expect(pidsOf(starting)).toEqual([]);
    expect((await readCells(room.output)).map(({ status }) => status)).toEqual(["failed", "skipped"]);
    await expectTidy(room.output);
  });
});

test("the folder is held; after kill -9 of pitwall the next benchmark stops the engine and removes its cache", async () => {
  await using room = await engineRoom();
  const { port, ...given } = await room.inputs();
  const flags = Object.entries({ ...given, port: String(port), "engine-args": "--fake-ready-after 600000" });
  const args = ["startup-benchmark", ...flags.flatMap(([name, value]) => [`--${name}`, String(value)])];
  const { child, ended } = startPitwall(args, room.bin, room.env);
  const left = await room.recorded("engine.starting.json");
  const second = startupBenchmark.run(startupBenchmark.inputs.parse({ ...given, port }), recordingTools(room));
  await expect(second).rejects.toThrow(`another run (pid ${child.pid}) is at work in ${room.output}`);
  const engine = startEngine.run(startEngine.inputs.parse({ ...given, port }), recordingTools(room));
  await expect(engine).rejects.toThrow(`another run (pid ${child.pid}) is at work`);
  const serving = serveBenchmark.inputs.parse({ output: room.output });
  await expect(serveBenchmark.run(serving, recordingTools(room))).rejects.toThrow(`another run (pid ${child.pid})`);
  child.kill("SIGKILL");
  await ended;
  expect(pidsOf(left)).not.toEqual([]);
  const tools = recordingTools(room);
  const inputs = startupBenchmark.inputs.parse({ ...given, port, coldStarts: 1, warmStarts: 0 });
  expect(await startupBenchmark.run(inputs, tools)).toMatchObject({ ok: true });
  expect(tools.said).toContainEqual(expect.stringMatching(/^warning: the engine .* still runs; stopping it$/));
  expect(pidsOf(left)).toEqual([]);
  await expectTidy(room.output);
});

test("an engine that has no memory for its context is measured with the smaller one, from empty caches", async () => {
  await using room = await engineRoom();
  const small = { onOom: "shrink", engineArgs: ["--fake-kv-tokens", "8192"], coldStarts: 1, warmStarts: 0 };
  const tools = recordingTools(room);
  const inputs = startupBenchmark.inputs.parse({ ...(await room.inputs()), ...small });
  expect(await startupBenchmark.run(inputs, tools)).toMatchObject({ ok: true });
  expect(tools.said.filter((line) => line.startsWith("warning: "))).toHaveLength(1);
  expect(await expectTidy(room.output)).toMatchObject({ shrunk: { from: null, to: 8192 }, maxModelLen: 8192 });
});

test("a working folder that is a file is said to be none", async () => {
  await using folder = await createFixture({ out: "" });
  const inputs = startupBenchmark.inputs.parse({ output: folder.getPath("out") });
  await expect(startupBenchmark.run(inputs, recordingTools())).rejects.toThrow(/^--output: .*out is no folder$/);
});

test("a container gets its cache as a mounted folder, in which every user may write", async () => {
  await using room = await engineRoom();
  const docker = `exec "${process.execPath}" "${join(FAKES, "fake-docker.ts")}" "${room.bin}" "$@"`;
  const seen = join(room.bin, "seen");
  const look = `[ "$1" = run ] && stat -c "%a %n" "${room.output}"/start-cache/* >> "${seen}"`;
  const program = await addExecutable(room.bin, "docker", `${look}\n${docker}`);
  const env = { ...room.env, PITWALL_DOCKER: program, HF_HOME: room.output };
  const inputs = { ...(await room.inputs()), engine: "docker", image: "registry/vllm:1", gpus: "none" };
  const counts = { coldStarts: 1, warmStarts: 0, dockerArgs: ["--network", "host"] };
  const tools = recordingTools({ env });
  const outcome = await startupBenchmark.run(startupBenchmark.inputs.parse({ ...inputs, ...counts }), tools);
  expect(outcome, tools.said.join("\n")).toMatchObject({ ok: true });
  const [, mode, cache] = /^(\d+) (.+)\n$/.exec(readFileSync(seen, "utf8"))!;
  expect([mode, cache]).toEqual(["777", expect.stringContaining(`${room.output}/start-cache/cold-1-`)]);
  const { command } = await expectTidy(room.output);
  expect(command.join(" ")).toContain(`--volume ${cache}:/pitwall-start-cache`);
  expect(command).toContain("VLLM_CACHE_ROOT=/pitwall-start-cache/vllm");
  expect(readdirSync(room.bin).filter((name) => name.startsWith("container-"))).toEqual([]);
});

describe("what cannot be measured is refused before anything is touched:", () => {
  test.each([
    [{ engine: "remote", baseUrl: "http://127.0.0.1:1" }, /startup-benchmark starts its engine, which --engine remote/],
    [{ coldStarts: 0, warmStarts: 0 }, /--cold-starts 0 and --warm-starts 0 leave nothing to measure/],
    [{ engine: "vllm" }, /--engine vllm needs a --model/],
  ])("%j", async (given, message) => {
    await using folder = await createFixture({});
    const output = folder.getPath("out");
    await mkdir(output);
    await writeFile(join(output, "engine-startup.json"), "as it was");
    const inputs = startupBenchmark.inputs.parse({ output, ...given });
    const refused = startupBenchmark.run(inputs, recordingTools());
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
    expect(readFileSync(join(output, "engine-startup.json"), "utf8")).toBe("as it was");
    const ofRun = { ...given, benchmarks: "startup-benchmark" };
    await expect(planRun(resolveInputs(run, ofRun, {}, {}))).rejects.toThrow(message);
  });
});
