import { spawn } from "node:child_process";
import { once } from "node:events";
import { openSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { freePort } from "../../src/engine/launch/port.ts";
import { engineRuns, stopEngine } from "../../src/engine/stop.ts";
import { processRow, runningMembers } from "../../src/machine/process-table.ts";
import { engineRoom, pidsOf } from "../support/fake-engine.ts";
import { runVerb } from "../support/verb-process.ts";

const portOf = (record: { baseUrl: string | null }) => Number(new URL(record.baseUrl!).port);

/** A group of `sleep` whose leader has ended, as a daemon leaves it. */
async function leaderlessGroup(output: "ignore" | number = "ignore") {
  const leader = spawn("sh", ["-c", "sleep 1000 &"], { detached: true, stdio: ["ignore", output, output] });
  await once(leader, "exit");
  const group = leader.pid!;
  return {
    group,
    running: () => runningMembers(group).length,
    [Symbol.dispose]: () => {
      if (runningMembers(group).length > 0) process.kill(-group, "SIGKILL");
    },
  };
}

describe("stopping an engine", () => {
  test("ends its process and frees its port; stopping it again is fine", async () => {
    await using room = await engineRoom();
    const record = await room.start();
    await stopEngine(record);
    expect(engineRuns(record)).toBe(false);
    expect(await freePort("127.0.0.1", portOf(record))).toBe(portOf(record));
    await stopEngine(record);
  });

  test("kills what ignores SIGTERM, workers too", async () => {
    await using room = await engineRoom();
    const record = await room.start("--fake-ignore-term", "--fake-stubborn-worker");
    await expect.poll(() => pidsOf(record).length).toBeGreaterThanOrEqual(2);
    await stopEngine(record, 0.5);
    expect(runningMembers(record.pid)).toEqual([]);
  });

  test("reaches workers whose leader has crashed", async () => {
    await using room = await engineRoom();
    const record = await room.start("--fake-stubborn-worker");
    process.kill(record.pid, "SIGKILL");
    await expect.poll(() => processRow(record.pid)).toBeNull();
    expect(pidsOf(record).length).toBeGreaterThanOrEqual(1);
    await stopEngine(record, 0.2);
    expect(runningMembers(record.pid)).toEqual([]);
  });

  test("takes an ended leader that its parent never collects for gone", async () => {
    await using room = await engineRoom();
    await using parent = runVerb({ ...(await room.inputs()), foreground: true }, room.env);
    const record = await room.recorded();
    process.kill(parent.pid, "SIGSTOP");
    await stopEngine(record, 5);
    expect(processRow(record.pid)).toMatchObject({ ended: true });
    expect(engineRuns(record)).toBe(false);
  });

  test("leaves a stranger alone that has the same pid", async () => {
    const stranger = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    await stopEngine({ pid: stranger.pid!, processStart: "1", logFile: null });
    expect(runningMembers(stranger.pid!)).toHaveLength(1);
    stranger.kill("SIGKILL");
  });

  test("leaves a leaderless group alone that does not write to the engine's log", async () => {
    await using room = await engineRoom();
    const logFile = join(room.output, "engine.log");
    await writeFile(logFile, "");
    using strangers = await leaderlessGroup();
    await stopEngine({ pid: strangers.group, processStart: "1", logFile });
    expect(strangers.running()).toBe(1);
    using ours = await leaderlessGroup(openSync(logFile, "a"));
    await stopEngine({ pid: ours.group, processStart: "1", logFile });
    expect(ours.running()).toBe(0);
  });

  test("does nothing to a remote one", async () => {
    await stopEngine({ pid: null, processStart: null, logFile: null });
  });
});
