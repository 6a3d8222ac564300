import { symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { filesIn } from "../support/folder-content.ts";
import { gitHttpServer } from "../support/git-http-server.ts";
import { git } from "../support/git-repository.ts";
import { race, slowRepository, type Writer } from "../support/race.ts";
import { checkBranch, problemsOf } from "../support/race-check.ts";

const most = { writers: 16, documents: 20 };
/** A quarter of the writers is killed, each after another number of documents. */
const KILLED = most.writers / 4;
const MACHINES = 4;
const secret = "s3cret-token";
/** From 10 to 40 ms, another time for each push. */
const SLOW = "sleep 0.0$(( $(od -An -N1 -tu1 /dev/urandom) % 4 + 1 ))";

/** A repository in which somebody works, from where all writers publish. */
function userRepository(folder: string, origin: string): string {
  git(".", "init", "--quiet", folder);
  git(folder, "-c", "user.name=a", "-c", "user.email=b", "commit", "--quiet", "--allow-empty", "-m", "work");
  git(folder, "remote", "add", "origin", origin);
  return folder;
}

async function raceFully(kind: string, writerOf: (index: number) => Omit<Writer, "killAfter">): Promise<string[]> {
  const writers = Array.from({ length: most.writers }, (_, index) => ({
    ...writerOf(index),
    ...(index < KILLED ? { killAfter: 2 + Math.floor(Math.random() * (most.documents - 4)) } : {}),
  }));
  const startedAt = performance.now();
  const told = await race(most.documents, writers);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(
    `${kind}: ${told.length} documents of ${most.writers} writers, ${KILLED} of them killed, in ${seconds} s`,
  );
  expect(told.length).toBeGreaterThanOrEqual((most.writers - KILLED) * most.documents + 2 * KILLED);
  return told;
}

test("16 processes on 4 machines publish 20 documents each through a slow hook, a quarter is killed, none is lost", async () => {
  await using place = await slowRepository(SLOW);
  const { fixture, repository, tmp } = place;
  const cwd = userRepository(fixture.getPath("user"), repository);
  const before = filesIn(cwd);
  // Turns are taken at a name; another name for the same place makes another machine of it.
  const names = Array.from({ length: MACHINES }, (_, machine) => fixture.getPath(`machine-${machine}.git`));
  for (const name of names) symlinkSync(repository, name);
  const told = await raceFully("on disk", (index) => ({ repository: names[index % MACHINES]!, cwd, tmp }));
  await checkBranch(repository, told, most);
  expect(await problemsOf(repository)).toEqual([]);
  expect(filesIn(cwd)).toEqual(before);
});

test("the same over smart HTTP with a password, where all that runs for a killed writer is killed with it", async () => {
  await using place = await slowRepository(SLOW);
  const { fixture, repository, tmp } = place;
  await using server = await gitHttpServer({ root: fixture.path, credentials: `x-access-token:${secret}` });
  const cwd = userRepository(fixture.getPath("user"), `${server.url}/llm.git`);
  const before = filesIn(cwd);
  const there: Writer = { repository: `${server.url}/llm.git`, token: secret, cwd, tmp, kills: "group" };
  const told = await raceFully("over HTTP", () => there);
  await checkBranch(repository, told, most);
  expect(await problemsOf(repository)).toEqual([]);
  expect(filesIn(cwd)).toEqual(before);
});
