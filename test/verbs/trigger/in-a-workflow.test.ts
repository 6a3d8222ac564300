import { readFile, writeFile } from "node:fs/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readJson } from "../../../src/files.ts";
import { Run } from "../../../src/result/document/run.ts";
import { pitwall } from "../../support/cli.ts";
import { git, isolated } from "../../support/git-repository.ts";

const ME = ["-c", "user.name=Octo", "-c", "user.email=octo@example.org"];
const MEASURE = ["--engine", "simulated", "--preset", "sanity", "--benchmarks", "serve-benchmark", "--skip-site"];

let fixture: FsFixture;
let job: NodeJS.ProcessEnv;
let measured: Run;
let said: string;

/** A workflow at the third commit of main measures the first. */
beforeAll(async () => {
  fixture = await createFixture({ repo: {} });
  const repo = fixture.getPath("repo");
  git(repo, "init", "--quiet", "--initial-branch=main");
  for (const name of ["one", "two", "three"]) git(repo, ...ME, "commit", "--quiet", "--allow-empty", "-m", name);
  const workflow = { GITHUB_RUN_ID: "7", GITHUB_REPOSITORY: "octo/llm", GITHUB_REF: "refs/heads/main" };
  const event = { GITHUB_EVENT_NAME: "workflow_dispatch", GITHUB_BASE_REF: "", GITHUB_EVENT_PATH: "" };
  job = { ...isolated, ...workflow, ...event, GITHUB_ACTIONS: "true", GITHUB_SHA: git(repo, "rev-parse", "HEAD") };
  git(repo, "checkout", "--quiet", "--detach", "HEAD~2");
  const ended = await pitwall(["run", ...MEASURE, "--database", "../db.git", "--output", "../out"], repo, job);
  expect(ended.exitCode, ended.stderr).toBe(0);
  said = ended.stderr;
  measured = await readJson(fixture.getPath("out/run.json"), Run);
});
afterAll(() => fixture.rm());

test("the run is filed under the commit that is checked out, and says that the workflow's is another one", () => {
  const commit = git(fixture.getPath("repo"), "rev-parse", "HEAD");
  const { GITHUB_SHA: workflowCommit } = job;
  expect(measured.trigger).toMatchObject({ commit, subject: "one", ref: "refs/heads/main", workflowCommit });
  expect(said).toContain(
    `warning: what is checked out is ${commit} (one), and not the workflow's commit ${workflowCommit}`,
  );
});

test("a run of the merge queue is held against the branch that the queue goes into", async () => {
  for (const day of [1, 2, 3, 4, 5, 6]) {
    const moment = (iso: string) => iso.replace(/^.{10}/, `2020-01-0${day}`);
    const id = measured.id.replace(/^.{8}/, `2020010${day}`);
    const { startedAt, finishedAt } = measured;
    const earlier = { ...measured, id, startedAt: moment(startedAt), finishedAt: moment(finishedAt) };
    await writeFile(fixture.getPath(`${day}.json`), JSON.stringify(earlier));
  }
  const files = [1, 2, 3, 4, 5, 6].flatMap((day) => ["--run", `${day}.json`]);
  const published = await pitwall(["publish", ...files, "--repository", "db.git"], fixture.path, {
    ...process.env,
    ...isolated,
  });
  expect(published.exitCode, published.stderr).toBe(0);
  const sha = "47284c3a5647d538b7482ab755779aac2c1ac98f";
  const group = { head_sha: sha, base_ref: "refs/heads/main" };
  await fixture.writeFile("event.json", JSON.stringify({ action: "checks_requested", merge_group: group }));
  const queue = `refs/heads/gh-readonly-queue/main/pr-12-${sha}`;
  const event = { GITHUB_EVENT_NAME: "merge_group", GITHUB_EVENT_PATH: "event.json", GITHUB_REF: queue };
  const args = ["post-process", "--output", "out", "--database", "db.git#pitwall-data", "--json"];
  const ended = await pitwall(args, fixture.path, { ...job, ...event, GITHUB_RUN_ID: "8", GITHUB_SHA: sha });
  expect(ended.exitCode, ended.stderr).toBe(0);
  expect(JSON.parse(ended.stdout)).toMatchObject({ outcome: "ok", verdict: "steady" });
  expect((await readJson(fixture.getPath("out/run.json"), Run)).trigger).toMatchObject({ commit: sha, ref: queue });
  expect(await readFile(fixture.getPath("out/summary.md"), "utf8")).toMatch(
    /held against \d earlier runs of refs\/heads\/main/,
  );
});
