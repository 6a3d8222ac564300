import { once } from "node:events";
import { symlinkSync } from "node:fs";
import { createInterface } from "node:readline";
import { createFixture, type FsFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { readDatabase } from "../../src/database/read.ts";
import { startProcess } from "../../src/process.ts";
import { gitHttpServer } from "../support/git-http-server.ts";
import { git, installHook, isolated } from "../support/git-repository.ts";
import { runNumber } from "./runs.ts";

const WRITERS = 6;
const DOCUMENTS = 5;
const secret = "s3cret-token";

interface Writer {
  repository: string;
  token?: string;
  /** Ends it by SIGKILL some time after it has said this many times that a document is there. */
  killAfter?: number;
}

/** @returns the ids of which a writer said that they are there */
async function write(fixture: FsFixture, index: number, { repository, token = "", killAfter }: Writer) {
  const args = ["test/support/run-writer.ts", repository, String(index * 100), String(DOCUMENTS), token];
  const env = { ...process.env, ...isolated, TMPDIR: fixture.getPath("tmp"), NODE_NO_WARNINGS: "1" };
  const child = startProcess(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const told: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    told.push(line);
    if (told.length === killAfter) setTimeout(() => child.kill("SIGKILL"), Math.random() * 60);
  }
  const [code, signal] = await exited;
  expect(signal ?? code).toBe(killAfter === undefined ? 0 : "SIGKILL");
  return told;
}

/** Every document that a writer was told of is there, none twice, and the branch is whole and one line. */
async function checkBranch(repository: string, told: string[]) {
  const { runs } = await readDatabase(repository, { env: { ...process.env, ...isolated } });
  const ids = runs.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(told));
  expect(new Set(ids).size).toBe(ids.length);
  const allIds = Array.from({ length: WRITERS * DOCUMENTS }, (_, i) =>
    runNumber(Math.floor(i / DOCUMENTS) * 100 + (i % DOCUMENTS)),
  ).map(({ id }) => id);
  expect(allIds).toEqual(expect.arrayContaining(ids));
  expect(git(repository, "rev-list", "--count", "pitwall-data")).toBe(String(ids.length));
  expect(git(repository, "rev-list", "--merges", "pitwall-data")).toBe("");
  expect(git(repository, "for-each-ref", "--format=%(refname)")).toBe("refs/heads/pitwall-data");
  git(repository, "fsck", "--strict");
}

async function bare() {
  const fixture = await createFixture({ tmp: {} });
  const repository = fixture.getPath("llm.git");
  git(fixture.path, "init", "--quiet", "--bare", repository);
  installHook(repository, "pre-receive", "sleep 0.05");
  return { fixture, repository };
}

const all = (writer: (index: number) => Promise<string[]>) =>
  Promise.all(Array.from({ length: WRITERS }, (_, index) => writer(index))).then((told) => told.flat());

test("processes that publish at once lose nothing, though the server is slow and some of them are killed", async () => {
  const { fixture, repository } = await bare();
  await using _ = fixture;
  const told = await all((index) => write(fixture, index, index < 2 ? { repository, killAfter: 2 } : { repository }));
  expect(told.length).toBeGreaterThanOrEqual((WRITERS - 2) * DOCUMENTS + 4);
  await checkBranch(repository, told);
});

test("writers that know nothing of each other, as on several machines, lose nothing either", async () => {
  const { fixture, repository } = await bare();
  await using _ = fixture;
  const told = await all((index) => {
    // Turns are taken at a name; another name for the same place makes another machine of it.
    const name = fixture.getPath(`machine-${index}.git`);
    symlinkSync(repository, name);
    return write(fixture, index, { repository: name });
  });
  expect(told).toHaveLength(WRITERS * DOCUMENTS);
  await checkBranch(repository, told);
});

test("the same over smart HTTP with a password", async () => {
  const { fixture, repository } = await bare();
  await using _ = fixture;
  await using server = await gitHttpServer({ root: fixture.path, credentials: `x-access-token:${secret}` });
  const place = { repository: `${server.url}/llm.git`, token: secret };
  const told = await all((index) => write(fixture, index, index < 1 ? { ...place, killAfter: 2 } : place));
  expect(told.length).toBeGreaterThanOrEqual((WRITERS - 1) * DOCUMENTS + 2);
  await checkBranch(repository, told);
});
