import { join } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJson } from "../../src/files.ts";
import { Run } from "../../src/result/document/run.ts";
import { pitwall } from "../support/cli.ts";
import { runStep } from "../support/run-step.ts";

const POST_PROCESS = join(import.meta.dirname, "../../src/actions/post-process.ts");
const LOG = Array.from(
  { length: 50 },
  (_, i) => `(EngineCore pid=202) ERROR 07-28 15:07 [core.py:632] line ${1000 + i}`,
);
const clock = { startedAt: "2026-11-22T06:46:00.000Z", finishedAt: "2026-11-22T06:47:00.000Z" };

/** A folder of 240 cells, none of which had an engine. */
function workingFolder() {
  const cells = Array.from({ length: 240 }, (_, i) => ({
    ...{ schema: "pitwall.cell/1", id: `serve-benchmark/in_100_out_100_conc_${i + 1}`, benchmark: "serve-benchmark" },
    params: { inputLen: 100, outputLen: 100, concurrency: i + 1 },
    client: { kind: "pitwall", version: "1.0.0" },
    ...clock,
    ...{ warmupSeconds: 0, measuredSeconds: 0, status: "failed", reason: "environment" },
    detail: "the engine ended with exit code 1: no kernel image is available",
    logTail: [...LOG, "RuntimeError: CUDA error: no kernel image is available"].join("\n"),
  }));
  const engine = {
    ...{
      schema: "pitwall.engine/1",
      kind: "vllm",
      baseUrl: "http://127.0.0.1:8000",
      model: "acme/m",
      modelPath: "acme/m",
    },
    ...{ version: "0.11.0", maxModelLen: null, dtype: null, args: [], command: [], pid: null, processStart: null },
    ...{ secondsToReady: null, startedAt: clock.startedAt, logFile: null },
  };
  const files = cells.map((cell) => [`out/cells/${cell.id}.json`, JSON.stringify(cell)]);
  return createFixture({ ...Object.fromEntries(files), "out/engine.json": JSON.stringify(engine), "summary.md": "" });
}

let fixture: FsFixture;
beforeAll(async () => {
  fixture = await workingFolder();
});
afterAll(() => fixture.rm());

test("one failed start of 240 cells is one log and one annotation, in summary, document and log of the step", async () => {
  const step = await runStep(POST_PROCESS, { cwd: fixture.path, inputs: { output: "out" } });
  expect(step.outputs).toMatchObject({ "cells-failed": "240", outcome: "failed" });
  expect(step.output.match(/^::error::.*$/gm)).toEqual([
    "::error::240 cells: environment: the engine ended with exit code 1: no kernel image is available",
    "::error::post-process did not succeed: 240 failed, see above",
  ]);
  expect(step.summary.match(/RuntimeError: CUDA error/g)).toHaveLength(1);
  expect(step.summary.length).toBeLessThan(100_000);
  const text = await fixture.readFile("out/run.json", "utf8");
  expect(text.match(/RuntimeError: CUDA error/g)).toHaveLength(1);
  expect((await readJson(fixture.getPath("out/run.json"), Run)).cells).toHaveLength(240);
});

test("a step that runs the command line has the same job summary, and no other place does", async () => {
  const file = fixture.getPath("summary.md");
  const inAStep = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: file };
  const ended = await pitwall(["post-process", "--output", "out", "--quiet"], fixture.path, inAStep);
  expect(ended.exitCode).toBe(1);
  const own = await fixture.readFile("out/summary.md", "utf8");
  expect(await fixture.readFile("summary.md", "utf8")).toBe(`${own}\n`);
  const elsewhere = { GITHUB_ACTIONS: "", GITHUB_STEP_SUMMARY: file };
  await pitwall(["post-process", "--output", "out", "--quiet"], fixture.path, elsewhere);
  expect(await fixture.readFile("summary.md", "utf8")).toBe(`${own}\n`);
});

test("a job summary that cannot be written is a warning", async () => {
  const inAStep = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: fixture.getPath("nowhere/summary.md") };
  const ended = await pitwall(["post-process", "--output", "out", "--quiet"], fixture.path, inAStep);
  expect(ended.stderr).toContain("warning: the job summary could not be written");
});
