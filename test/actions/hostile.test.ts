import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serializeRun } from "../../src/database/document/document.ts";
import { MARKER_FILE } from "../../src/database/document/layout.ts";
import { runPath } from "../../src/database/records/run.ts";
import { release } from "../support/built-release.ts";
import { HOSTILE_TEXTS, hostileRun } from "../support/hostile.ts";
import { type Job, startJob } from "../support/job.ts";
import { liveInMarkdown, liveInSlack, liveInTerminal } from "../support/live-markers.ts";
import { sampleRun } from "../support/run-document.ts";
import { slackHost } from "../support/slack-host.ts";

/** Begins with what a runner would take for a command. */
const TEXT = HOSTILE_TEXTS[2]!;
const run = hostileRun(TEXT);
/** What our own steps say to the runner. */
const OURS = ["add-mask", "debug", "endgroup", "error", "group", "notice", "warning"];
const live = (output: string) => liveInTerminal(output).filter((one) => !OURS.includes(one));

let job: Job;
beforeAll(async () => {
  job = await startJob();
  writeBranch(job.path("branch"));
});
afterAll(async () => {
  await job[Symbol.asyncDispose]();
});

/** A data branch whose documents, records and names of files somebody wrote who means no good. */
function writeBranch(folder: string): void {
  const write = (path: string, value: unknown) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  };
  const retracted = { ...run, id: run.id.replace(/.$/, "0") };
  write(MARKER_FILE, { schema: "pitwall.database/1" });
  for (const one of [run, retracted]) write(runPath(one), serializeRun(one));
  write(`retracted/${retracted.id}.json`, {
    ...{ schema: "pitwall.retraction/1", run: retracted.id, why: TEXT, at: "2026-11-23T00:00:00Z" },
  });
  const accepted = { schema: "pitwall.accepted/1", series: TEXT, from: run.id, why: TEXT };
  write("accepted/x.json", accepted);
  write("accepted/y.json", { ...accepted, [TEXT]: TEXT });
  write("##[pitwall-marker] \u001b[1m\r", TEXT);
}

function cli(...args: string[]) {
  const env = { PATH: process.env.PATH!, HOME: process.env.HOME!, GITHUB_ACTIONS: "true" };
  const { stdout, stderr } = spawnSync(process.execPath, [release.bundle("cli"), ...args], {
    ...{ cwd: job.path("."), env, encoding: "utf8" },
  });
  return { stdout, stderr, live: live(stdout + stderr) };
}

test("what lies on a data branch is no command of the step that verifies it or makes its site", async () => {
  const verified = await job.run("verify", { database: "branch" });
  expect(verified.output).toContain("pitwall-marker");
  expect(live(verified.output)).toEqual([]);
  const built = await job.run("build-site", { database: "branch", site: "_site" });
  expect(built.output).toContain("left out: the run");
  expect(live(built.output)).toEqual([]);
});

test("nor of the command line that reads it, as text or as JSON", () => {
  for (const args of [["history"], ["history", "--format", "csv"], ["verify"]]) {
    const read = cli(...args, "--database", "branch");
    expect(read.stdout + read.stderr, args.join(" ")).toContain("pitwall-marker");
    expect(read.live, args.join(" ")).toEqual([]);
  }
  const { stdout, live: inJson } = cli("verify", "--database", "branch", "--json");
  expect(inJson).toEqual([]);
  expect(JSON.stringify(JSON.parse(stdout))).toContain("##[pitwall-marker]");
});

test("nor is a document that is validated, nor one that cannot be published", async () => {
  writeFileSync(job.path("run.json"), serializeRun(run));
  writeFileSync(job.path("bad.json"), JSON.stringify({ ...run, [TEXT]: TEXT }));
  // Names are cut, and this one begins with its first marker.
  expect(cli("validate", "run.json", "bad.json")).toMatchObject({
    live: [],
    stderr: expect.stringContaining("pitwall_marker"),
  });
  const published = await job.run("publish", { run: "run.json" });
  expect(published.output).toContain("must begin with https://");
  expect(live(published.output)).toEqual([]);
});

test("nor is what Slack is told anything but text", async () => {
  using slack = await slackHost();
  writeFileSync(job.path("run.json"), serializeRun(run));
  const needs = JSON.stringify({ [TEXT]: { result: "failure" } });
  const told = await job.run("notify", { run: "run.json", needs, "slack-webhook": slack.url });
  expect(live(told.output)).toEqual([]);
  expect(slack.messages).toHaveLength(1);
  expect(liveInSlack(JSON.stringify(slack.messages))).toEqual([]);
});

test("nor is a measured cell that an engine told it, in log, annotations, outputs and summary, with a summary file or without", async () => {
  mkdirSync(job.path("out/cells/serve-benchmark"), { recursive: true });
  const { params } = run.cells[1]!;
  const id = "serve-benchmark/pitwall-marker";
  const cell = {
    ...{
      schema: "pitwall.cell/1",
      id,
      benchmark: "serve-benchmark",
      params,
      client: { kind: "pitwall", version: TEXT },
    },
    ...{ startedAt: run.startedAt, finishedAt: run.finishedAt, warmupSeconds: 0, measuredSeconds: 1 },
    ...{ status: "failed", reason: "engine_crashed", detail: TEXT, logTail: TEXT },
  };
  const engine = {
    ...{
      schema: "pitwall.engine/1",
      kind: "remote",
      baseUrl: "http://127.0.0.1:1",
      model: TEXT,
      modelPath: TEXT,
      version: TEXT,
    },
    ...{
      maxModelLen: null,
      dtype: null,
      args: [TEXT],
      command: [],
      pid: null,
      processStart: null,
      secondsToReady: null,
    },
    ...{ startedAt: run.startedAt, logFile: null },
  };
  writeFileSync(job.path(`out/cells/${id}.json`), JSON.stringify(cell));
  writeFileSync(job.path("out/engine.json"), JSON.stringify(engine));
  const inputs = { output: "out", "host-label": TEXT, subject: TEXT };
  const processed = await job.run("post-process", inputs);
  expect(processed.output).toContain("engine_crashed");
  expect(live(processed.output)).toEqual([]);
  expect(liveInMarkdown(processed.summary)).toEqual([]);
  expect(readFileSync(job.path("out/summary.md"), "utf8")).toContain("pitwall-marker");
  const without = await job.run("post-process", inputs, { env: { GITHUB_STEP_SUMMARY: "" } });
  expect(without.output).toContain("### Without numbers");
  expect(live(without.output)).toEqual([]);
});

test("the look sees a command where there is one", () => {
  expect(live(`${sampleRun.id}\n::set-output name=pitwall_marker::1\n`)).toEqual(["set-output"]);
});
