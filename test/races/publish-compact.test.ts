import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { appendRuns } from "../../src/database/append.ts";
import { serializeRun } from "../../src/database/document/document.ts";
import { readDatabase } from "../../src/database/read/read.ts";
import { signalGroup, startProcess } from "../../src/machine/process.ts";
import { git, installHook, isolated } from "../support/git-repository.ts";
import { oldRun } from "../support/old-run.ts";
import { problemsOf } from "../support/race-check.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { KILL_SEED, randomNumbers } from "../support/seeded-kills.ts";

const ROUNDS = 15;
const env = { ...process.env, ...isolated };

test(`jobs that publish and pack, killed at any moment beside others that publish, lose nothing (seed ${KILL_SEED})`, async () => {
  await using fixture = await createFixture({ tmp: {} });
  const repository = fixture.getPath("database.git");
  const random = randomNumbers(KILL_SEED);
  const publish = (numbers: number[]) =>
    appendRuns({ repository, branch: "pitwall-data", runs: numbers.map(oldRun) }, recordingTools({ env }));
  await publish(Array.from({ length: 24 }, (_, i) => 100 + i));
  installHook(repository, "pre-receive", "sleep 0.1");
  const there = new Set(Array.from({ length: 24 }, (_, i) => oldRun(100 + i).id));
  for (let round = 0; round < ROUNDS; round++) {
    const [own, other] = [round * 2, round * 2 + 1];
    await fixture.writeFile("run.json", serializeRun(oldRun(own)));
    const args = ["src/cli/main.ts", "publish", "--compact", "--database", repository];
    const child = startProcess(process.execPath, [...args, "--run", fixture.getPath("run.json")], {
      env: { ...env, TMPDIR: fixture.getPath("tmp"), NODE_NO_WARNINGS: "1" },
      stdio: "ignore",
    });
    const exited = once(child, "exit");
    const publishing = publish([other]);
    await Promise.race([setTimeout(300 + random() * 2000), exited]);
    if (child.exitCode === null) signalGroup(child.pid!, "SIGKILL");
    const [code] = await exited;
    while (signalGroup(child.pid!, 0)) await setTimeout(10);
    if (code === 0) there.add(oldRun(own).id);
    for (const id of (await publishing).added) there.add(id);
    const ids = (await readDatabase(repository, { env })).runs.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([...there]));
    expect(new Set(ids).size).toBe(ids.length);
    expect(await problemsOf(repository)).toEqual([]);
  }
  git(repository, "fsck", "--strict");
});
