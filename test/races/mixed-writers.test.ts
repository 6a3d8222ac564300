import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { appendRuns } from "../../src/database/append.ts";
import { readContent } from "../../src/database/read/read.ts";
import { runPath } from "../../src/database/records/run.ts";
import { signalGroup, startProcess } from "../../src/machine/process.ts";
import { filesOn, git, isolated } from "../support/git-repository.ts";
import { oldRun } from "../support/old-run.ts";
import { slowRepository } from "../support/race.ts";
import { problemsOf } from "../support/race-check.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { KILL_SEED, randomNumbers } from "../support/seeded-kills.ts";

const WRITER = join(import.meta.dirname, "../support/run-mixed-writer.ts");
const env = { ...process.env, ...isolated };
/** How many each writer writes. */
const DOCUMENTS = 4;
const KINDS = ["publish", "retract", "accept", "rename", "compact", "publish"];
/** All kinds twice: one is left alone, its twin is killed. */
const WRITERS = [...KINDS, ...KINDS].map((kind, index) => ({ kind, index, isKilled: index >= KINDS.length }));
/** There before anybody writes, for records to be about; writers publish others. */
const OLD = WRITERS.length * DOCUMENTS;

test(`12 writers that publish, retract, accept, rename and pack at once, half of them killed, lose nothing (seed ${KILL_SEED})`, async () => {
  await using place = await slowRepository("sleep 0.02");
  const { repository, tmp } = place;
  const random = randomNumbers(KILL_SEED);
  const old = Array.from({ length: OLD }, (_, number) => oldRun(number));
  await appendRuns({ repository, branch: "pitwall-data", runs: old }, recordingTools({ env }));

  const writing = WRITERS.map(async ({ kind, index, isKilled }) => {
    const first = index * DOCUMENTS + (kind === "publish" ? OLD : 0);
    const child = startProcess(process.execPath, [WRITER, repository, kind, String(first), String(DOCUMENTS)], {
      env: { ...env, TMPDIR: tmp, NODE_NO_WARNINGS: "1" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const exited = once(child, "exit");
    const killAfterMs = random() * 600;
    const told: string[] = [];
    for await (const line of createInterface({ input: child.stdout! })) {
      told.push(line);
      if (isKilled && told.length === 1) setTimeout(killAfterMs).then(() => child.kill("SIGKILL"));
    }
    const [code, signal] = await exited;
    // What git was doing for a writer that was killed comes to its end before anybody looks at the branch.
    while (signalGroup(child.pid!, 0)) await setTimeout(20);
    // One that was to be killed may have been done before.
    expect([0, isKilled ? "SIGKILL" : 0], kind).toContain(signal ?? code);
    return told;
  });
  const told = (await Promise.all(writing)).flat();

  const { runs, records } = await readContent(`${repository}#pitwall-data`, { env });
  const runPaths = [...runs.map(({ id }) => id), ...records.retraction.map(({ run }) => run)].map((id) =>
    runPath({ id }),
  );
  const files = filesOn(repository).filter((path) => /^(retracted|renamed|accepted)\//.test(path));
  const there = new Set([...runPaths, ...files, "compacted"]);
  expect([...old.map(runPath), ...told].filter((path) => !there.has(path))).toEqual([]);
  expect(runPaths).toHaveLength(new Set(runPaths).size);
  expect(await problemsOf(repository)).toEqual([]);
  expect(git(repository, "rev-list", "--merges", "pitwall-data")).toBe("");
  git(repository, "fsck", "--strict");
});
