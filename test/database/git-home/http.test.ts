import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { readDatabase } from "../../../src/database/read/read.ts";
import { gitHttpServer } from "../../support/git-http-server.ts";
import { git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { runNumber } from "../runs.ts";

const branch = "pitwall-data";
const secret = "s3cret-token";
const basic = (text: string) => Buffer.from(text).toString("base64");

async function served(limits: (403 | 429)[] = []) {
  const fixture = await createFixture();
  git(fixture.path, "init", "--quiet", "--bare", fixture.getPath("llm.git"));
  const server = await gitHttpServer({
    root: fixture.path,
    credentials: `x-access-token:${secret}`,
    readOnly: "x-access-token:reader",
    limits,
  });
  return {
    fixture,
    repository: `${server.url}/llm.git`,
    server,
    env: { ...process.env, ...isolated, GIT_TRACE: fixture.getPath("trace") },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await fixture.rm();
    },
  };
}

test("over http the token goes to the server, and onto no command line, URL or message", async () => {
  await using place = await served();
  const { repository, env, fixture } = place;
  const tools = recordingTools({ env });
  for (const number of [1, 2])
    await appendRuns({ repository, branch, runs: [runNumber(number)], token: secret }, tools);
  expect((await readDatabase(`${repository}#${branch}`, { env })).runs).toEqual([runNumber(1), runNumber(2)]);
  const trace = await fixture.readFile("trace", "utf8");
  expect(trace).toContain("git commit-tree");
  for (const hidden of [secret, basic(`x-access-token:${secret}`)]) {
    expect(trace).not.toContain(hidden);
    expect(tools.said.join("\n")).not.toContain(hidden);
  }
});

test("credentials in the URL are used, and shown nowhere", async () => {
  await using place = await served();
  const { env, fixture, server } = place;
  const repository = place.repository.replace("://", `://x-access-token:${secret}@`);
  await appendRuns({ repository, branch, runs: [runNumber(1)] }, recordingTools({ env }));
  expect(await fixture.readFile("trace", "utf8")).not.toContain(secret);
  expect(server.authorizations).toContain(`Basic ${basic(`x-access-token:${secret}`)}`);
});

test("the token replaces the header that a checkout left, instead of going beside it", async () => {
  await using place = await served();
  const { repository, env, fixture, server } = place;
  const work = fixture.getPath("work");
  git(fixture.path, "init", "--quiet", work);
  git(work, "config", `http.${server.url}/.extraheader`, `AUTHORIZATION: basic ${basic("x-access-token:reader")}`);
  const home = process.cwd();
  try {
    process.chdir(work);
    const appending = appendRuns({ repository, branch, runs: [runNumber(1)] }, recordingTools({ env }));
    await expect(appending, "the checkout's header is used when there is no token").rejects.toThrow("no write access");
    const result = await appendRuns(
      { repository, branch, runs: [runNumber(1)], token: secret },
      recordingTools({ env }),
    );
    expect(result.status).toBe("appended");
  } finally {
    process.chdir(home);
  }
  expect(server.authorizations.at(-1)).toBe(`Basic ${basic(`x-access-token:${secret}`)}`);
});

test.each([
  ["a token that may only read", "reader", "no write access to"],
  ["a wrong token", "wrong", "wants credentials that it accepts: set PITWALL_TOKEN"],
  ["no token", undefined, "wants credentials that it accepts: set PITWALL_TOKEN"],
])("%s is refused with what to do", async (_, token, message) => {
  await using place = await served();
  const { repository, env } = place;
  const appending = appendRuns({ repository, branch, runs: [runNumber(1)], token }, recordingTools({ env }));
  await expect(appending).rejects.toThrow(message);
});

test("a repository that the server does not have is named", async () => {
  await using place = await served();
  const repository = `${place.server.url}/other.git`;
  const appending = appendRuns({ repository, branch, runs: [runNumber(1)] }, recordingTools({ env: place.env }));
  await expect(appending).rejects.toThrow(`${repository} is not a git repository`);
});

test("a server that is asked too often is named, waited for and asked again", async () => {
  await using place = await served([403, 429]);
  const { repository, env } = place;
  const tools = recordingTools({ env });
  const result = await appendRuns({ repository, branch, runs: [runNumber(1)], token: secret }, tools);
  expect(result).toMatchObject({ status: "appended", attempts: 3 });
  for (const number of [1, 2]) {
    expect(tools.said.join("\n")).toContain(
      `try ${number}: the server says that it is asked too often; trying again in`,
    );
  }
});
