import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { freePort } from "../../../src/engine/launch/port.ts";
import { runningMembers } from "../../../src/machine/process-table.ts";
import { Run } from "../../../src/result/document/run.ts";
import { pitwall, startPitwall } from "../../support/cli.ts";
import { addExecutable } from "../../support/fake-engine.ts";
import { environmentOf, KILL_SEED, killIfThere, processesMarked, randomNumbers } from "../../support/seeded-kills.ts";

/** A run takes about this long, with others beside it. */
const SPAN_MS = 4000;
/** A load thread lives for about this long. */
const THREAD_SPAN_MS = 1500;
const THREAD_DEATH = join(import.meta.dirname, "..", "..", "support", "fake-thread-death.ts");

const runArgs = (port: number) => [
  ...["run", "--model", "sim/tiny", "--batch-sizes", "1", "--input-len", "16", "--output-len", "4", "--warmup", "1"],
  ...["--iterations", "2", "--pairs", "16:4", "--request-rate", "20", "--num-prompts", "20", "--skip-site"],
  ...["--port", String(port), "--client-limits", "off"],
];

const out = (folder: FsFixture, name: string) => folder.getPath(".pitwall/out", name);
const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));

function enginePid(folder: FsFixture): number | undefined {
  const path = ["engine.json", "engine.starting.json"].map((name) => out(folder, name)).find(existsSync);
  return path === undefined ? undefined : read(path).pid;
}

const documentOf = (folder: FsFixture) => Run.parse(read(out(folder, "run.json")));
const reasonsOf = ({ cells }: Run) => cells.flatMap((cell) => (cell.status === "ok" ? [] : [cell.reason]));

const random = randomNumbers(KILL_SEED);
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
const threadDeaths = (["an error", "exit"] as const).map((how) => ({
  how,
  afterMs: Math.round(random() * THREAD_SPAN_MS),
}));

describe.concurrent(`a run of which something is killed (PITWALL_KILL_SEED=${KILL_SEED})`, () => {
  test.each(moments)(
    "$signal of $victim after $afterMs ms leaves nothing behind",
    async ({ victim, signal, afterMs }) => {
      await using folder = await createFixture({});
      const mark = `PITWALL_TEST_MARK=${KILL_SEED}-${victim}-${signal}-${afterMs}-${process.pid}`;
      const env = { PITWALL_TEST_MARK: mark.split("=")[1] };
      const port = await freePort("127.0.0.1", 0);
      const { child, ended } = startPitwall(runArgs(port), folder.path, env);
      await sleep(afterMs);
      const engine = enginePid(folder);
      const environment = engine === undefined ? "" : environmentOf(engine);
      if (environment !== "") expect(environment).toContain(mark);
      killIfThere(victim === "pitwall" ? child.pid : engine, signal);
      const { exitCode } = await ended;
      if (victim === "pitwall" && signal === "SIGKILL") {
        // Nobody was there to clean up: that is the next run's first work.
        const next = await pitwall(runArgs(port), folder.path, env);
        expect(next.stderr).not.toContain("error:");
        expect(next.exitCode).toBe(0);
      }
      expect(processesMarked(mark)).toEqual([]);
      expect(await freePort("127.0.0.1", port)).toBe(port);
      // Before it has begun to listen for signals, pitwall ends as any program does, without a word.
      if (!existsSync(out(folder, "run.json"))) return expect(exitCode).toBeNull();
      const run = documentOf(folder);
      const expected = victim === "pitwall" ? "cancelled" : "engine_crashed";
      expect(reasonsOf(run).every((reason) => reason === expected)).toBe(true);
      if (exitCode === 0) expect(run.outcome).toBe("ok");
    },
  );

  test.each(threadDeaths)(
    "a load thread that ends by $how after $afterMs ms costs its cell, and no more",
    async ({ how, afterMs }) => {
      await using folder = await createFixture({});
      const mark = `PITWALL_TEST_MARK=${KILL_SEED}-thread-${how}-${process.pid}`;
      const death = { FAKE_THREAD_DEATH: how, FAKE_THREAD_DEATH_MS: String(afterMs) };
      const env = { ...death, PITWALL_TEST_MARK: mark.split("=")[1], NODE_OPTIONS: `--import=${THREAD_DEATH}` };
      const port = await freePort("127.0.0.1", 0);
      const { exitCode, stderr } = await pitwall(runArgs(port), folder.path, env);
      expect(stderr).not.toContain("bug in pitwall");
      expect(processesMarked(mark)).toEqual([]);
      expect(await freePort("127.0.0.1", port)).toBe(port);
      const { cells, outcome } = documentOf(folder);
      expect(cells[0]!.status).toBe("ok");
      if (outcome === "ok") return expect(exitCode).toBe(0);
      expect(cells[1]).toMatchObject({
        status: "failed",
        reason: "client_failed",
        detail: `a load thread ended: ${how === "exit" ? "exit code 3" : "the load thread met a bug"}`,
      });
      expect(exitCode).toBe(1);
    },
  );
});

describe.concurrent("what outlived its killed pitwall is stopped by the next start:", () => {
  const sweep = ["latency-sweep", "--mode", "offline", "--model", "tiny", "--batch-sizes", "1"];
  test.each([
    ["the driver of an offline sweep", "PITWALL_PYTHON", () => sweep],
    ["vLLM's own client", "PITWALL_VLLM", (port: number) => [...runArgs(port), "--client", "vllm"]],
  ] as const)("%s", async (_, variable, argsFor) => {
    await using folder = await createFixture({});
    const program = await addExecutable(folder.path, "program", `sleep 600 & touch "${folder.path}/runs"; wait`);
    const port = await freePort("127.0.0.1", 0);
    const { child, ended } = startPitwall(argsFor(port), folder.path, { [variable]: program });
    // Killed before, pitwall would take it along: it lets the program go only when it is on record.
    await expect.poll(() => existsSync(join(folder.path, "runs")), { timeout: 60_000 }).toBe(true);
    child.kill("SIGKILL");
    await ended;
    const { pid } = read(out(folder, "driver.json"));
    expect(runningMembers(pid)).not.toEqual([]);
    const next = await pitwall(runArgs(port), folder.path);
    expect(next.exitCode, next.stderr).toBe(0);
    expect(runningMembers(pid)).toEqual([]);
  });
});
