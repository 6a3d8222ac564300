import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, inject, test } from "vitest";
import { runningProcesses } from "../../src/machine/process-table.ts";
import { Run } from "../../src/result/document/run.ts";
import { readCells } from "../../src/working-folder/cells.ts";
import { KILL_SEED, randomNumbers } from "../support/seeded-kills.ts";
import { json, jsonIfThere, pitwall, processesIn, until } from "./pitwall.ts";

const venv = inject("venv");
const random = randomNumbers(KILL_SEED);
const OUT = ".pitwall/out";
const out = (folder: FsFixture, name: string) => folder.getPath(OUT, name);

const MODEL = ["--model", join(venv, "tiny-llama")];
const ENGINE_ARGS = "--load-format dummy --enforce-eager --max-model-len 1024 --max-num-seqs 16";
const LONG = ["--batch-sizes", "1,2", "--input-len", "16", "--output-len", "8", "--warmup", "1", "--iterations", "500"];
const SWEEP = ["latency-sweep", "--mode", "offline", ...MODEL, ...LONG, "--engine-args", ENGINE_ARGS];
const SERVING = ["--pairs", "64:16", "--request-rate", "4", "--num-prompts", "200", "--skip-site"];
const RUN = ["run", "--engine", "vllm", "--port", "0", ...MODEL, ...SERVING, "--engine-args", ENGINE_ARGS];

/** The process below it in which vLLM computes. */
function engineCoreOf(parent: number): number {
  const children = runningProcesses().filter((row) => row.parent === parent);
  return children.find(({ pid }) => !readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("resource_tracker"))!.pid;
}

/** @returns true once the driver has measured something */
function isMeasuring(folder: FsFixture): true | undefined {
  try {
    return readFileSync(out(folder, "raw/latency-sweep-events.jsonl"), "utf8").includes('"iteration"') || undefined;
  } catch {
    return undefined;
  }
}

describe(`an offline sweep on real vLLM of which something is killed (PITWALL_KILL_SEED=${KILL_SEED})`, () => {
  test.each([
    ["the driver", (driver: number) => driver, /it was killed \(SIGKILL/],
    ["its engine", engineCoreOf, /the engine's process was killed/],
  ] as const)("SIGKILL of %s is the cells' reason, and nothing is left", async (_, victimOf, detail) => {
    await using folder = await createFixture({});
    const started = pitwall(venv, folder.path, ...SWEEP);
    await until(() => isMeasuring(folder), started);
    await sleep(random() * 1000);
    process.kill(victimOf(json(out(folder, "driver.json")).pid), "SIGKILL");
    expect((await started.ended).exitCode).toBe(1);
    const [current, ...rest] = await readCells(folder.getPath(OUT));
    expect(current).toMatchObject({
      status: "failed",
      reason: "engine_crashed",
      detail: expect.stringMatching(detail),
    });
    expect(rest).toMatchObject([{ status: "skipped", reason: "engine_crashed" }]);
    expect(processesIn(folder.path)).toEqual([]);
  });

  test("SIGTERM of pitwall is a cancelled document, and nothing is left", async () => {
    await using folder = await createFixture({});
    const started = pitwall(venv, folder.path, ...RUN, ...LONG);
    await until(() => isMeasuring(folder), started);
    await sleep(random() * 1000);
    started.child.kill("SIGTERM");
    expect((await started.ended).exitCode).toBe(1);
    expect(processesIn(folder.path)).toEqual([]);
    expect(existsSync(out(folder, "logs/engine.log"))).toBe(false);
    const run = Run.parse(json(out(folder, "run.json")));
    expect(run.outcome).toBe("cancelled");
    expect(run.cells.map((cell) => cell.status !== "ok" && cell.reason)).toEqual(Array(3).fill("cancelled"));
  });

  test("after SIGKILL of pitwall the driver ends by itself, with its engine", async () => {
    await using folder = await createFixture({});
    const started = pitwall(venv, folder.path, ...SWEEP);
    await until(() => isMeasuring(folder), started);
    await sleep(random() * 1000);
    started.child.kill("SIGKILL");
    await started.ended;
    await expect.poll(() => processesIn(folder.path), { timeout: 10_000 }).toEqual([]);
    expect((await pitwall(venv, folder.path, "start-engine", "--stop").ended).exitCode).toBe(0);
    expect(jsonIfThere(out(folder, "driver.json"))).toBeUndefined();
  });
});

describe("a server on real vLLM", () => {
  const ONE = ["--mode", "server", "--batch-sizes", "1", "--input-len", "16", "--output-len", "4", "--warmup", "0"];

  test.each([
    ["itself", (server: number) => server],
    ["its engine core", engineCoreOf],
  ] as const)("of which %s is killed in mid-serving is engine_crashed, with its log", async (_, victimOf) => {
    await using folder = await createFixture({});
    const started = pitwall(venv, folder.path, ...RUN, ...ONE, "--iterations", "1");
    await until(() => jsonIfThere(out(folder, "cells/latency-sweep/in_16_out_4_bs_1.json")), started);
    await sleep(random() * 2000);
    process.kill(victimOf(json(out(folder, "engine.json")).pid), "SIGKILL");
    expect((await started.ended).exitCode).toBe(1);
    const logTail = expect.stringContaining("INFO");
    expect(Run.parse(json(out(folder, "run.json"))).cells).toMatchObject([
      { status: "ok" },
      { status: "failed", reason: "engine_crashed", logTail },
    ]);
    expect(processesIn(folder.path)).toEqual([]);
  });
});
