import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { readDatabase } from "../../../src/database/read/read.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { inProcess } from "../../support/command-line.ts";
import { isolated } from "../../support/git-repository.ts";
import { sampleRun } from "../../support/run-document.ts";

const LOCAL = ".pitwall/database.git";
const OUTSIDE = { ...process.env, ...isolated, GITHUB_ACTIONS: "", GITHUB_TOKEN: "" };
const ask = (fixture: FsFixture, args: string[], env: NodeJS.ProcessEnv = OUTSIDE) =>
  inProcess(args, env, fixture.path);
const idsIn = async (fixture: FsFixture) =>
  (await readDatabase(fixture.getPath(LOCAL), { env: { ...process.env, ...isolated } })).runs.map(({ id }) => id);

const NO_VLLM = [
  "run",
  "--engine",
  "vllm",
  "--model",
  "m/tiny",
  "--preset",
  "sanity",
  "--mode",
  "server",
  "--skip-site",
];
const noVllm = { ...OUTSIDE, PITWALL_VLLM: "/nowhere/vllm" };

/** A run of which every cell failed for one reason, before any engine was up. */
const failed = (reason: "environment" | "out_of_memory", changes: Partial<Run> = {}): Run => ({
  ...sampleRun,
  outcome: "failed",
  engine: { ...sampleRun.engine, secondsToReady: null },
  cells: sampleRun.cells.map(({ id, benchmark, params }) => ({
    ...{ id, benchmark, params, status: "failed" as const, reason, detail: "there is no GPU to be seen" },
  })),
  ...changes,
});

describe("a run in which no engine started because of this machine", () => {
  test("is kept by run, which says what to do; --publish-failed publishes it", async () => {
    await using fixture = await createFixture({});
    const { exitCode, stderr } = await ask(fixture, NO_VLLM, noVllm);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /is not published, for no engine started because of this machine: \/nowhere\/vllm was not found/,
    );
    expect(stderr).toContain("It is kept in .pitwall/out/run.json.");
    expect(stderr).toContain("pitwall publish --run .pitwall/out/run.json --publish-failed");
    expect(await fixture.exists(LOCAL)).toBe(false);
    const later = await ask(fixture, ["publish", "--run", ".pitwall/out/run.json", "--publish-failed"]);
    expect(later.exitCode, later.stderr).toBe(0);
    expect(await idsIn(fixture)).toHaveLength(1);
  });

  test("is published in GitHub Actions, which says why", async () => {
    await using fixture = await createFixture({ "run.json": serializeRun(failed("environment")) });
    const { exitCode, stderr } = await ask(fixture, ["publish", "--run", "run.json", "--database", LOCAL], {
      ...OUTSIDE,
      GITHUB_ACTIONS: "true",
    });
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(
      `${sampleRun.id} is published all the same: in a workflow a night without numbers is a fact`,
    );
    expect(await idsIn(fixture)).toEqual([sampleRun.id]);
  });

  test("is kept by publish, while the others that it was given are published", async () => {
    const other = { ...sampleRun, id: "20261123T064501Z-00000001", startedAt: "2026-11-23T06:45:01Z" };
    const good = { ...other, finishedAt: "2026-11-23T07:02:44Z" };
    await using fixture = await createFixture({
      "run.json": serializeRun(failed("environment")),
      "good.json": serializeRun(good),
    });
    const { exitCode, stdout } = await ask(fixture, ["publish", "--run", "run.json", "--run", "good.json", "--json"]);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ published: true, runIds: [good.id], unpublished: ["run.json"] });
    expect(await idsIn(fixture)).toEqual([good.id]);
  });

  test.each([
    ["an engine that ran out of memory", failed("out_of_memory")],
    ["an engine that was up", failed("environment", { engine: { ...sampleRun.engine, secondsToReady: 12 } })],
    [
      "one cell with numbers",
      failed("environment", { cells: [...failed("environment").cells.slice(1), sampleRun.cells[0]!] }),
    ],
  ])("is not one of %s", async (_, run) => {
    await using fixture = await createFixture({ "run.json": serializeRun(run) });
    const { exitCode, stderr } = await ask(fixture, ["publish", "--run", "run.json"]);
    expect(exitCode, stderr).toBe(0);
    expect(await idsIn(fixture)).toEqual([run.id]);
  });
});

test("a damaged document never stops the site, and verify goes on to name it", async () => {
  await using fixture = await createFixture({ "run.json": serializeRun(sampleRun) });
  await fixture.mkdir("shared");
  await ask(fixture, ["publish", "--run", "run.json", "--database", "folder:shared"]);
  const damaged = "runs/2026/11/20261101T000000Z-00000000.json";
  await fixture.writeFile(`shared/${damaged}`, "{");
  const site = await ask(fixture, ["build-site", "--database", "folder:shared"]);
  expect(site.exitCode, site.stderr).toBe(0);
  expect(site.stderr).toContain(`warning: skipped: ${damaged}`);
  expect(await fixture.readFile(".pitwall/site/index.html", "utf8")).toContain(damaged);
  expect((await ask(fixture, ["build-site", "--database", "folder:shared", "--no-skip-damaged"])).exitCode).toBe(1);
  expect((await ask(fixture, ["verify", "--database", "folder:shared"])).exitCode).toBe(1);
});
