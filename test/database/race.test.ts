import { createFixture } from "fs-fixture";
import { expect, test, vi } from "vitest";
import { appendRuns } from "../../src/database/append.ts";
import { readDatabase } from "../../src/database/read/read.ts";
import { runPath } from "../../src/database/records/run.ts";
import { filesOn, git, installHook, isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { runNumber } from "./runs.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";

test("eight writers at once, on a repository that is not there yet, all get their run in", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const runs = Array.from({ length: 8 }, (_, number) => runNumber(number));
  const results = await Promise.all(
    runs.map((run) => appendRuns({ repository, branch, runs: [run] }, recordingTools({ env }))),
  );
  expect(results.map(({ status }) => status)).toEqual(runs.map(() => "appended"));
  expect((await readDatabase(`${repository}#${branch}`, { env })).runs).toEqual(runs);
  expect(git(repository, "rev-list", "--count", branch)).toBe("8");
  expect(git(repository, "rev-list", "--max-parents=0", branch).split("\n")).toHaveLength(1);
  expect(await fixture.readdir("")).toEqual(["database.git"]);
  git(repository, "fsck", "--strict");
});

test("writers of the same run at once store it once", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const write = () => appendRuns({ repository, branch, runs: [runNumber(1)] }, recordingTools({ env }));
  const results = await Promise.all([write(), write(), write()]);
  expect(results.filter(({ status }) => status === "appended")).toHaveLength(1);
  expect(git(repository, "rev-list", "--count", branch)).toBe("1");
});

test("a lost race is told and tried again on the new tip, which keeps the winner's run", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: [runNumber(1)] }, recordingTools({ env }));
  await appendRuns({ repository, branch, runs: [runNumber(2)] }, recordingTools({ env }));
  const winner = git(repository, "rev-parse", branch);
  git(repository, "update-ref", `refs/heads/${branch}`, `${winner}^`);
  // The hook runs between the server's look at the branch and its update: another writer, exactly then, once.
  const once = `[ -e won ] && exit 0; touch won; git update-ref refs/heads/${branch} ${winner}`;
  installHook(repository, "update", once);

  const tools = recordingTools({ env });
  const result = await appendRuns({ repository, branch, runs: [runNumber(3)] }, tools);
  expect(result).toMatchObject({ status: "appended", attempts: 2 });
  expect(tools.said).toEqual([
    expect.stringMatching(/^info: try 1: another writer was faster; trying again in \d+ ms$/),
  ]);
  expect(git(repository, "rev-parse", `${branch}^`)).toBe(winner);
  expect(filesOn(repository)).toEqual(expect.arrayContaining([2, 3].map((number) => runPath(runNumber(number)))));
});

test("a cancelled job publishes nothing", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const tools = recordingTools({ env, signal: AbortSignal.abort() });
  await expect(appendRuns({ repository, branch, runs: [runNumber(1)] }, tools)).rejects.toThrow(
    "publishing them again is safe",
  );
  expect(git(repository, "for-each-ref")).toBe("");
});

test("a push that was under way when the job was cancelled counts if it got through", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  git(fixture.path, "init", "--quiet", "--bare", repository);
  installHook(repository, "pre-receive", "touch arrived; while [ ! -e cancelled ]; do sleep 0.05; done");
  const controller = new AbortController();
  const tools = recordingTools({ env, signal: controller.signal });
  const appending = appendRuns({ repository, branch, runs: [runNumber(1)] }, tools);
  await vi.waitUntil(() => fixture.exists("database.git/arrived"), { timeout: 30_000 });
  controller.abort();
  await fixture.writeFile("database.git/cancelled", "");
  expect((await appending).status).toBe("appended");
  expect(filesOn(repository)).toContain(runPath(runNumber(1)));
});
