import { existsSync, readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { freePort } from "../../src/engine/port.ts";
import { processRow, runningMembers } from "../../src/process-table.ts";
import { Run } from "../../src/result/run.ts";
import { pitwall, startPitwall } from "../support/cli.ts";
import { addExecutable } from "../support/fake-engine.ts";

const SEED = Number(process.env.PITWALL_KILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** A run takes about this long. */
const SPAN_MS = 2500;

/** Numerical Recipes' linear congruential generator: a number in [0, 1) that the seed alone decides. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const runArgs = (port: number) => [
  ...["run", "--model", "sim/tiny", "--batch-sizes", "1", "--input-len", "16", "--output-len", "4", "--warmup", "1"],
  ...["--iterations", "2", "--pairs", "16:4", "--request-rate", "20", "--num-prompts", "20", "--skip-site"],
  ...["--port", String(port), "--client-limits", "off"],
];

/** Whoever inherited this mark in its environment is ours, whatever it is called. */
function marked(mark: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => processRow(pid)?.ended === false && environmentOf(pid).includes(mark));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

const out = (folder: FsFixture, name: string) => folder.getPath(".pitwall/out", name);
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

function enginePid(folder: FsFixture): number | undefined {
  const path = ["engine.json", "engine.starting.json"].map((name) => out(folder, name)).find(existsSync);
  return path === undefined ? undefined : read(path).pid;
}

const random = randomNumbers(SEED);
const VICTIMS = [
  ["pitwall", "SIGTERM"],
  ["pitwall", "SIGKILL"],
  ["engine", "SIGKILL"],
  ["engine", "SIGTERM"],
] as const;
const moments = Array.from({ length: 10 }, (_, i) => {
  const [victim, signal] = VICTIMS[i % VICTIMS.length]!;
  return { victim, signal, afterMs: Math.round(random() * SPAN_MS) };
});

describe(`a run of which something is killed (PITWALL_KILL_SEED=${SEED})`, () => {
  test.each(moments)(
    "$signal of $victim after $afterMs ms leaves nothing behind",
    async ({ victim, signal, afterMs }) => {
      await using folder = await createFixture({});
      const mark = `PITWALL_TEST_MARK=${SEED}-${victim}-${signal}-${afterMs}-${process.pid}`;
      const env = { PITWALL_TEST_MARK: mark.split("=")[1] };
      const port = await freePort("127.0.0.1", 0);
      const { child, ended } = startPitwall(runArgs(port), folder.path, env);
      await sleep(afterMs);
      const engine = enginePid(folder);
      const environment = engine === undefined ? "" : environmentOf(engine);
      if (environment !== "") expect(environment).toContain(mark);
      const pid = victim === "pitwall" ? child.pid : engine;
      if (pid !== undefined && processRow(pid)?.ended === false) process.kill(pid, signal);
      const { exitCode } = await ended;
      if (victim === "pitwall" && signal === "SIGKILL") {
        // Nobody was there to clean up: that is the next run's first work.
        const next = await pitwall(runArgs(port), folder.path, env);
        expect(next.stderr).not.toContain("error:");
        expect(next.exitCode).toBe(0);
      }
      expect(marked(mark)).toEqual([]);
      expect(await freePort("127.0.0.1", port)).toBe(port);
      // Before it has begun to listen for signals, pitwall ends as any program does, without a word.
      if (!existsSync(out(folder, "run.json"))) return expect(exitCode).toBeNull();
      const run = Run.parse(read(out(folder, "run.json")));
      const reasons = run.cells.flatMap((cell) => (cell.status === "ok" ? [] : [cell.reason]));
      expect(reasons.every((reason) => reason === (victim === "pitwall" ? "cancelled" : "engine_crashed"))).toBe(true);
      if (exitCode === 0) expect(run.outcome).toBe("ok");
    },
  );
});

test("a driver that outlived its killed pitwall is stopped by the next start", async () => {
  await using folder = await createFixture({});
  const python = await addExecutable(folder.path, "python", "sleep 600 & wait");
  const args = ["latency-sweep", "--mode", "offline", "--model", "tiny", "--batch-sizes", "1"];
  const { child, ended } = startPitwall(args, folder.path, { PITWALL_PYTHON: python });
  await expect.poll(() => existsSync(out(folder, "driver.json")), { timeout: 20_000 }).toBe(true);
  child.kill("SIGKILL");
  const { pid } = read(out(folder, "driver.json"));
  expect(runningMembers(pid)).not.toEqual([]);
  const next = startPitwall(runArgs(await freePort("127.0.0.1", 0)), folder.path);
  expect((await next.ended).exitCode).toBe(0);
  expect(runningMembers(pid)).toEqual([]);
  await ended;
});
