import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test, vi } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { type Renaming, renamingPath, serializeRenaming } from "../../../src/database/records/renaming.ts";
import { retractionPath, serializeRetraction } from "../../../src/database/records/retraction.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import { buildSite } from "../../../src/verbs/build-site/build-site.ts";
import { packOf } from "../../database/pack/packs.ts";
import { runNumber } from "../../database/runs.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const marker = '{"schema":"pitwall.database/1"}\n';
const oldSite = '<html><head><meta name="generator" content="pitwall"></head>old</html>';

function build(given: Record<string, unknown>, env: NodeJS.ProcessEnv = process.env, signal?: AbortSignal) {
  return buildSite.run(buildSite.inputs.parse(given), recordingTools({ env, ...(signal && { signal }) }));
}

/** Builds that this process left: other tests build, too. */
const leftovers = () => {
  const builds = join(PACKAGE_ROOT, ".pitwall", "builds");
  return existsSync(builds) ? readdirSync(builds).filter((name) => name.startsWith(`${process.pid}-`)) : [];
};

describe("builds", () => {
  test("a branch of a repository into one folder, twice at once, and leaves nothing else behind", async () => {
    await using home = await createFixture({ "site/index.html": oldSite });
    const repository = home.getPath("database.git");
    await appendRuns({ repository, branch: "numbers", runs: [sampleRun] }, recordingTools());
    const inputs = {
      database: `${repository}#numbers`,
      site: home.getPath("site"),
      base: "/pitwall",
      output: home.getPath("out"),
    };
    const [first, second] = await Promise.all([build(inputs), build({ ...inputs, output: home.getPath("out-2") })]);
    expect(first).toMatchObject({ ok: true, outputs: { sitePath: inputs.site, runs: 1, pages: 8 } });
    expect(second.outputs).toEqual(first.outputs);
    const page = await home.readFile("site/index.html", "utf8");
    expect(page).toContain(`href="/pitwall/runs/${sampleRun.id}/"`);
    expect(page).not.toContain('="/runs/');
    expect(readdirSync(home.path).toSorted()).toEqual(["database.git", "out", "out-2", "site"]);
    expect(await home.readFile("out/logs/build-site.log", "utf8")).toContain("page(s) built");
    expect(leftovers()).toEqual([]);
  });

  test("a friendly site of an empty database", async () => {
    await using home = await createFixture({ "database/pitwall.json": marker });
    const site = home.getPath("site");
    const { outputs } = await build({ database: home.getPath("database"), site, output: home.getPath("out") });
    expect(outputs.runs).toBe(0);
    for (const page of ["index.html", "latency/index.html", "serving/index.html", "runs/index.html"]) {
      expect(readFileSync(join(site, page), "utf8"), page).toContain("npx pitwall publish");
    }
  });
});

test("leaves out damaged files unless asked not to, and retracted runs always, names both, and shows new names and packed runs", async () => {
  const retracted = runNumber(2);
  const renaming: Renaming = {
    schema: "pitwall.renaming/1",
    what: "host",
    from: sampleRun.host.label,
    to: "rack-5",
    why: "the rack was numbered",
    by: "octocat",
    at: "2026-11-24T10:00:00Z",
  };
  const damaged = runPath(runNumber(3));
  const packed = runNumber(4);
  const packFiles = Object.entries(await packOf([retracted, packed]));
  await using home = await createFixture({
    "database/pitwall.json": marker,
    [`database/${runPath(sampleRun)}`]: serializeRun(sampleRun),
    ...Object.fromEntries(packFiles.map(([path, content]) => [`database/${path}`, content])),
    [`database/${runPath(packed)}`]: serializeRun({ ...packed, simulated: true }),
    [`database/${damaged}`]: "{",
    [`database/${renamingPath(renaming)}`]: serializeRenaming(renaming),
    [`database/${retractionPath(retracted.id)}`]: serializeRetraction({
      schema: "pitwall.retraction/1",
      run: retracted.id,
      why: "throttled",
      at: "2026-11-24T10:00:00Z",
    }),
  });
  const tools = recordingTools();
  const given = { database: home.getPath("database"), site: home.getPath("site"), output: home.getPath("out") };
  await expect(build({ ...given, skipDamaged: false })).rejects.toThrow(
    `--skip-damaged goes on without them:\n- ${damaged}`,
  );
  const { outputs } = await buildSite.run(buildSite.inputs.parse(given), tools);
  expect(outputs.runs).toBe(2);
  expect(readdirSync(home.getPath("site/runs")).toSorted()).toEqual([
    packed.id,
    `${packed.id}.json`,
    sampleRun.id,
    `${sampleRun.id}.json`,
    "index.html",
  ]);
  const page = await home.readFile(`site/runs/${sampleRun.id}/index.html`, "utf8");
  expect(page.replaceAll(/<[^>]+>/g, "")).toMatch(/host: h100-1 → rack-5, by octocat on 2026-11-24: the rack was numb/);
  expect(JSON.parse(await home.readFile(`site/runs/${sampleRun.id}.json`, "utf8"))).toMatchObject({
    host: { label: "rack-5" },
    renamed: [{ from: "h100-1" }],
  });
  const overview = (await home.readFile("site/index.html", "utf8")).replaceAll(/<[^>]+>/g, "").replaceAll(/\s+/g, " ");
  expect(overview).toContain("2 files of the history are damaged, and left out here");
  expect(overview).toContain(`${damaged} is not valid JSON`);
  expect(tools.said).toContainEqual(expect.stringContaining(`warning: skipped: ${damaged}`));
  expect(tools.said).toContainEqual(
    expect.stringContaining(`warning: skipped: ${runPath(packed)} says something else of the run ${packed.id}`),
  );
  expect(tools.said).toContainEqual(
    expect.stringContaining(`left out: the run ${retracted.id}, retracted on 2026-11-24`),
  );
  expect(existsSync(home.getPath(`database/${damaged}`)), "the branch itself is untouched").toBe(true);
});

describe("refuses, and leaves what was there", () => {
  test("a damaged file on the branch, by its name", async () => {
    const path = runPath(sampleRun);
    await using home = await createFixture({
      "database/pitwall.json": marker,
      [`database/${path}`]: serializeRun(sampleRun).slice(0, -20),
      "site/index.html": oldSite,
    });
    const places = { database: home.getPath("database"), site: home.getPath("site"), output: home.getPath("out") };
    const inputs = { ...places, skipDamaged: false };
    await expect(build(inputs)).rejects.toThrow(path);
    expect(await home.readFile("site/index.html", "utf8")).toBe(oldSite);
  });

  test("a build that breaks, with the end of its log", async () => {
    await using home = await createFixture({ "database/pitwall.json": marker, "site/index.html": oldSite });
    const inputs = { database: home.getPath("database"), site: home.getPath("site"), output: home.getPath("out") };
    const env = { ...process.env, NODE_OPTIONS: "--require /nowhere/broken.cjs" };
    await expect(build(inputs, env)).rejects.toThrow(
      /what stood there before is untouched[\s\S]*\/nowhere\/broken\.cjs/,
    );
    expect(await home.readFile("site/index.html", "utf8")).toBe(oldSite);
    expect(await home.readFile("out/logs/build-site.log", "utf8")).toContain("/nowhere/broken.cjs");
  });

  test("a build that is cancelled, and leaves nothing else behind", async () => {
    await using home = await createFixture({
      "database/pitwall.json": marker,
      "site/index.html": oldSite,
      "wait.cjs": 'require("node:fs").writeFileSync(require("node:path").join(__dirname, "begun"), ""); for (;;);',
    });
    const inputs = { database: home.getPath("database"), site: home.getPath("site"), output: home.getPath("out") };
    const controller = new AbortController();
    const env = { ...process.env, NODE_OPTIONS: `--require ${home.getPath("wait.cjs")}` };
    const building = expect(build(inputs, env, controller.signal)).rejects.toThrow("ended by SIGINT");
    await vi.waitUntil(() => existsSync(home.getPath("begun")), { timeout: 20_000 });
    controller.abort(new Error("ended by SIGINT"));
    await building;
    expect(await home.readFile("site/index.html", "utf8")).toBe(oldSite);
    expect(leftovers()).toEqual([]);
  });

  test("a folder that is no site of ours", async () => {
    await using home = await createFixture({ "database/pitwall.json": marker, "thesis/index.html": "<h1>Mine</h1>" });
    const inputs = { database: home.getPath("database"), site: home.getPath("thesis"), output: home.getPath("out") };
    await expect(build(inputs)).rejects.toThrow("holds other files than a site of pitwall");
    expect(await home.readFile("thesis/index.html", "utf8")).toBe("<h1>Mine</h1>");
  });

  test.each(["pitwall", "/a b/", "/a//b", "https://example.org/", `/${"a".repeat(60)}!`])(
    "the base path %s",
    (base) => {
      expect(buildSite.inputs.safeParse({ base }).error?.issues[0]).toMatchObject({
        path: ["base"],
        message: expect.stringContaining("must be a path like /pitwall/"),
      });
    },
  );
});
