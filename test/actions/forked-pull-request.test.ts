import { mkdir, writeFile } from "node:fs/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { serializeRun } from "../../src/database/document/document.ts";
import { startArtifactService } from "../support/artifact-service.ts";
import { gitHttpServer } from "../support/git-http-server.ts";
import { git } from "../support/git-repository.ts";
import { startJob } from "../support/job.ts";
import { sampleRun } from "../support/run-document.ts";

let fixture: FsFixture;
let server: Awaited<ReturnType<typeof gitHttpServer>>;
beforeAll(async () => {
  fixture = await createFixture();
  git(fixture.path, "init", "--quiet", "--bare", fixture.getPath("llm.git"));
  const readOnly = "x-access-token:reader";
  server = await gitHttpServer({ root: fixture.path, credentials: "x-access-token:writer", readOnly });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await fixture.rm();
});

const pullRequest = { head: { repo: { full_name: "mallory/llm" } }, base: { repo: { full_name: "octo/llm" } } };
const FROM_FORK = { event: "pull_request", payload: { pull_request: pullRequest } };

/** A job whose token may only read, that has measured a run. */
async function readingJob({
  event,
  payload,
  of = {},
}: {
  event: string;
  payload: object;
  of?: Record<string, string>;
}) {
  const job = await startJob();
  const service = await startArtifactService();
  const out = job.path(".pitwall/out");
  await mkdir(out, { recursive: true });
  await writeFile(`${out}/run.json`, serializeRun(sampleRun));
  await writeFile(`${out}/summary.md`, "# Summary");
  await writeFile(job.path("event.json"), JSON.stringify(payload));
  const env = { ...service.env, ...of, GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: job.path("event.json") };
  return {
    publish: (inputs: Record<string, string> = { database: `${server.url}/llm.git`, token: "reader" }) =>
      job.run("publish", inputs, { env }),
    runHere: (inputs: Record<string, string>) => job.run("run", inputs, { env }),
    checkout: job.path("."),
    run: (inputs: Record<string, string>) =>
      job.run("run", { database: `${server.url}/llm.git`, token: "reader", ...inputs }, { env }),
    service,
    async [Symbol.asyncDispose]() {
      service[Symbol.dispose]();
      await job[Symbol.asyncDispose]();
    },
  };
}

describe("where the push is refused", () => {
  test("publish in a fork's pull request warns, leaves the document as an artifact and succeeds", async () => {
    await using job = await readingJob(FROM_FORK);
    const step = await job.publish();
    expect(step.exitCode, step.output).toBe(0);
    expect(step.outputs).toMatchObject({ published: "false", unpublished: '[".pitwall/out/run.json"]' });
    expect(step.output).toMatch(
      /::warning::this job is of a pull request from a fork, whose token may not push to http/,
    );
    expect(step.output).toContain(
      `publish it with: pitwall publish --run .pitwall/out/run.json --database ${server.url}`,
    );
    expect(job.service.finalized).toMatchObject([{ name: `pitwall-${sampleRun.id}` }]);
    const names = job.service.archives[0]!.toString("latin1");
    expect(names).toContain("run.json");
    expect(names).toContain("summary.md");
  });

  test("publish of any other job is an error, and leaves the document as an artifact", async () => {
    await using job = await readingJob({ event: "push", payload: { ref: "refs/heads/main" } });
    const step = await job.publish();
    expect(step.exitCode).toBe(1);
    expect(step.output).toMatch(/::error::no write access to http/);
    expect(step.outputs).toEqual({ unpublished: '[".pitwall/out/run.json"]' });
    expect(job.service.finalized).toMatchObject([{ name: `pitwall-${sampleRun.id}` }]);
  });

  test("the root action in a fork's pull request measures, warns, leaves the document and succeeds", async () => {
    await using job = await readingJob(FROM_FORK);
    const sweep = { "batch-sizes": "1", "input-len": "8", "output-len": "4", warmup: "0", iterations: "1" };
    const step = await job.run({ model: "sim/tiny", preset: "sanity", ...sweep });
    expect(step.exitCode, step.output).toBe(0);
    expect(step.outputs).toMatchObject({ outcome: "ok", published: "false", "site-path": "" });
    expect(job.service.finalized).toMatchObject([{ name: `pitwall-${step.outputs["run-id"]}` }]);
  });
});

const PUSH = { event: "push", payload: { ref: "refs/heads/main" } };

describe("whatever else keeps a document from the branch leaves it as an artifact", () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ["a repository that nobody can name", { database: "folder:" }, /name the folder after “folder:”/],
    ["a server that is not there", { database: "https://127.0.0.1:9/llm.git" }, /could not be reached/],
    ["a branch that cannot be", { database: "new.git", branch: "a b" }, /cannot be the name of a git branch/],
  ])("%s", async (_, inputs, message) => {
    await using job = await readingJob(PUSH);
    const step = await job.publish(inputs);
    expect(step.exitCode).toBe(1);
    expect(step.output).toMatch(message);
    expect(step.outputs).toEqual({ unpublished: '[".pitwall/out/run.json"]' });
    expect(job.service.finalized).toMatchObject([{ name: `pitwall-${sampleRun.id}` }]);
  });

  test("a checkout that git refuses, as in the container of a job, with git's cause and what to do", async () => {
    await using job = await readingJob({ ...PUSH, of: { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" } });
    const step = await job.publish({});
    expect(step.exitCode).toBe(1);
    expect(step.output).toMatch(/::error::.*detected dubious ownership.*git config --global --add safe\.directory \//);
    expect(step.outputs).toEqual({ unpublished: '[".pitwall/out/run.json"]' });
    expect(job.service.finalized).toMatchObject([{ name: `pitwall-${sampleRun.id}` }]);
  });

  test("the root action in such a checkout still measures", async () => {
    await using job = await readingJob({ ...PUSH, of: { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" } });
    const sweep = { benchmarks: "latency-sweep", "input-len": "8", "output-len": "4" };
    const step = await job.runHere({ model: "sim/tiny", preset: "sanity", ...sweep });
    expect(step.exitCode).toBe(1);
    expect(step.outputs).toMatchObject({
      "cells-ok": "1",
      published: "false",
      unpublished: '[".pitwall/out/run.json"]',
    });
    expect(step.output).toMatch(/::error::.*detected dubious ownership/);
    expect(job.service.finalized).toMatchObject([{ name: `pitwall-${step.outputs["run-id"]}` }]);
  });

  test("a document that is damaged itself is kept, too", async () => {
    await using job = await readingJob(PUSH);
    await writeFile(`${job.checkout}/.pitwall/out/run.json`, "{");
    const step = await job.publish();
    expect(step.output).toMatch(/::error::.*run\.json is not valid JSON/);
    expect(job.service.finalized).toMatchObject([{ name: "pitwall-unpublished" }]);
  });
});
