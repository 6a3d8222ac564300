import { existsSync } from "node:fs";
import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { makeCheckout } from "../../support/checkout.ts";
import { inProcess } from "../../support/command-line.ts";
import { filesOn, git, isolated } from "../../support/git-repository.ts";
import { sampleRun } from "../../support/run-document.ts";

const OUTSIDE = { ...process.env, ...isolated, GITHUB_ACTIONS: "", GITHUB_TOKEN: "" };
const IN_ACTIONS = { ...OUTSIDE, GITHUB_ACTIONS: "true" };
const LOCAL = ".pitwall/database.git";

/** A checkout with a run document, and the bare repository that it came from. */
async function checkout(files: Record<string, string> = {}) {
  const fixture = await createFixture({
    "work/README.md": "A model server.\n",
    "work/.pitwall/out/run.json": serializeRun(sampleRun),
    ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`work/${path}`, content])),
  });
  makeCheckout(fixture.getPath("work"), fixture.getPath("origin.git"));
  return fixture;
}

const ask = (fixture: FsFixture, args: string[], env: NodeJS.ProcessEnv = OUTSIDE) =>
  inProcess(args, env, fixture.getPath("work"));
const branchesOf = (repository: string) =>
  git(repository, "branch", "--format=%(refname:short)").split("\n").filter(Boolean);
const holdsRun = (repository: string, branch = "pitwall-data") =>
  filesOn(repository, branch).includes(runPath(sampleRun));

describe("where publish writes", () => {
  test("outside of GitHub Actions it is the local history, whatever remotes the checkout has, and it says so", async () => {
    await using fixture = await checkout();
    const before = branchesOf(fixture.getPath("origin.git"));
    const { exitCode, stderr } = await ask(fixture, ["publish"]);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`published to pitwall-data of ${LOCAL} as commit `);
    expect(holdsRun(fixture.getPath("work", LOCAL))).toBe(true);
    expect(branchesOf(fixture.getPath("origin.git"))).toEqual(before);
  });

  test("to origin it pushes when that is asked for, to a branch that is named with it", async () => {
    await using fixture = await checkout();
    const { exitCode, stderr } = await ask(fixture, ["publish", "--database", "origin#nightly"]);
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`published to nightly of ${fixture.getPath("origin.git")} as commit `);
    expect(holdsRun(fixture.getPath("origin.git"), "nightly")).toBe(true);
    expect(existsSync(fixture.getPath("work", LOCAL))).toBe(false);
  });

  test("in GitHub Actions it is the repository that was checked out", async () => {
    await using fixture = await checkout();
    expect((await ask(fixture, ["publish"], IN_ACTIONS)).exitCode).toBe(0);
    expect(holdsRun(fixture.getPath("origin.git"))).toBe(true);
    const read = await ask(fixture, ["verify"], IN_ACTIONS);
    expect([read.exitCode, read.stdout]).toEqual([0, expect.stringContaining("1 run, nothing wrong")]);
  });

  test("origin without a remote of that name is an error that says what to name", async () => {
    await using fixture = await createFixture({ "work/.pitwall/out/run.json": serializeRun(sampleRun) });
    const { exitCode, stderr } = await ask(fixture, ["publish", "--database", "origin"]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining("with --database PATH|URL|folder:PATH")]);
  });
});

describe("a history is named the same way everywhere", () => {
  test.each([
    ["PATH", "numbers.git"],
    ["PATH#BRANCH", "numbers.git#nightly"],
    ["URL", (fixture: FsFixture) => `file://${fixture.getPath("work/numbers.git")}`],
    ["URL#BRANCH", (fixture: FsFixture) => `file://${fixture.getPath("work/numbers.git")}#nightly`],
    ["origin#BRANCH", "origin#nightly"],
    ["folder:PATH", "folder:numbers"],
    ["a path with a # in it", "c#/numbers.git"],
  ])("%s", async (_, form) => {
    await using fixture = await checkout({ "numbers/.keep": "", "c#/.keep": "" });
    const database = ["--database", typeof form === "string" ? form : form(fixture)];
    await fixture.rm("work/numbers/.keep");
    const succeeds = async (...args: string[]) => {
      const { exitCode, stderr } = await ask(fixture, [...args, ...database]);
      expect(exitCode, `${args.join(" ")}\n${stderr}`).toBe(0);
    };
    await succeeds("publish");
    for (const reader of [["verify"], ["history"], ["export", "--format", "jsonl"]]) await succeeds(...reader);
    await succeeds("history", "retract", sampleRun.id, "--why", "the cooling failed");
  });

  test("--branch goes before #BRANCH", async () => {
    await using fixture = await checkout();
    await ask(fixture, ["publish", "--database", "numbers.git#one", "--branch", "two"]);
    expect(branchesOf(fixture.getPath("work/numbers.git"))).toEqual(["two"]);
    const { exitCode, stdout } = await ask(fixture, ["verify", "--database", "numbers.git#one", "--branch", "two"]);
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining("numbers.git#two: 1 run")]);
  });

  test.each([
    ["publish", "--database", "folder:numbers#two"],
    ["verify", "--database", "folder:numbers", "--branch", "two"],
  ])("%s: a folder has no branches", async (...args) => {
    await using fixture = await checkout();
    const { exitCode, stderr } = await ask(fixture, args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("leave the branch “two” out")]);
  });

  test.each(["history", "verify", "export", "build-site"])("%s of no history yet says what to do", async (verb) => {
    await using fixture = await checkout();
    const { exitCode, stderr } = await ask(fixture, [verb]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining(`${LOCAL} does not exist, so there is no history to read: publish a run first`),
    ]);
  });
});

describe("the former name, --repository", () => {
  const NOTE = /is called database now; please use that name/g;

  test.each([
    ["as a flag", ["--repository", "numbers.git"], {}, "", "--repository"],
    ["in the environment", [], { PITWALL_REPOSITORY: "numbers.git" }, "", "PITWALL_REPOSITORY"],
    ["in pitwall.yml", [], {}, "repository: numbers.git\n", "repository in pitwall.yml"],
  ])("%s still works, and one line says what it is called now", async (_, flags, env, config, name) => {
    await using fixture = await checkout({ "pitwall.yml": config });
    const { exitCode, stderr } = await ask(fixture, ["publish", ...flags], { ...OUTSIDE, ...env });
    expect(exitCode, stderr).toBe(0);
    expect(stderr).toContain(`warning: ${name} is called database now`);
    expect(stderr.match(NOTE)).toHaveLength(1);
    expect(holdsRun(fixture.getPath("work/numbers.git"))).toBe(true);
  });

  test("beside the new one is an error that names both; the stronger source wins without one", async () => {
    await using fixture = await checkout({ "pitwall.yml": "repository: other.git\n" });
    const both = await ask(fixture, ["publish", "--repository", "one.git", "--database", "two.git"]);
    expect([both.exitCode, both.stderr]).toEqual([
      2,
      expect.stringContaining("--database and --repository are the same: leave --repository out"),
    ]);
    expect((await ask(fixture, ["publish", "--database", "two.git"])).exitCode).toBe(0);
    expect(existsSync(fixture.getPath("work/two.git"))).toBe(true);
    expect((await ask(fixture, ["validate"])).exitCode).toBe(0);
  });
});
