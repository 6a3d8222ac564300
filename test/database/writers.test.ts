import { symlinkSync } from "node:fs";
import { expect, test } from "vitest";
import { gitHttpServer } from "../support/git-http-server.ts";
import { race, slowRepository, type Writer } from "../support/race.ts";
import { checkBranch } from "../support/race-check.ts";

/* The small form; `npm run test:races` has the full one. */

const most = { writers: 6, documents: 3 };
const secret = "s3cret-token";
const writers = (writer: (index: number) => Writer) =>
  Array.from({ length: most.writers }, (_, index) => writer(index));

test("processes that publish at once lose nothing, though the server is slow and some of them are killed", async () => {
  await using place = await slowRepository();
  const { repository, tmp } = place;
  const told = await race(
    most.documents,
    writers((index) => ({ repository, tmp, ...(index < 2 ? { killAfter: 2 } : {}) })),
  );
  expect(told.length).toBeGreaterThanOrEqual((most.writers - 2) * most.documents + 4);
  await checkBranch(repository, told, most);
});

test("writers that know nothing of each other, as on several machines, lose nothing either", async () => {
  await using place = await slowRepository();
  const { fixture, repository, tmp } = place;
  const told = await race(
    most.documents,
    writers((index) => {
      // Turns are taken at a name; another name for the same place makes another machine of it.
      const name = fixture.getPath(`machine-${index}.git`);
      symlinkSync(repository, name);
      return { repository: name, tmp };
    }),
  );
  expect(told).toHaveLength(most.writers * most.documents);
  await checkBranch(repository, told, most);
});

test("the same over smart HTTP with a password", async () => {
  await using place = await slowRepository();
  const { fixture, repository, tmp } = place;
  await using server = await gitHttpServer({ root: fixture.path, credentials: `x-access-token:${secret}` });
  const there = { repository: `${server.url}/llm.git`, token: secret, tmp };
  const told = await race(
    most.documents,
    writers((index) => ({ ...there, ...(index < 1 ? { killAfter: 2 } : {}) })),
  );
  expect(told.length).toBeGreaterThanOrEqual((most.writers - 1) * most.documents + 2);
  await checkBranch(repository, told, most);
});
