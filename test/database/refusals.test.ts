import { createFixture, type FsFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { appendRuns } from "../../src/database/append.ts";
import { runPath } from "../../src/database/records/run.ts";
import { UserError } from "../../src/errors.ts";
import { commitByHand, filesOn, git, installHook, isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { runNumber } from "./runs.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";
const append = (repository: string, number: number, tools = recordingTools({ env })) =>
  appendRuns({ repository, branch, runs: [runNumber(number)] }, tools);

async function problemOf(appending: Promise<unknown>): Promise<string> {
  const error = await appending.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

/** A bare repository with one run; `hook` is a shell script that every push goes through. */
async function database(fixture: FsFixture, hook?: string): Promise<string> {
  const repository = fixture.getPath("database.git");
  await append(repository, 1);
  if (hook !== undefined) installHook(repository, "pre-receive", hook);
  return repository;
}

describe("a damaged branch is never written over", () => {
  test.each([
    ["is missing", { "pitwall.json": null }, "has no pitwall.json"],
    ["is cut off", { "pitwall.json": '{"schema":"pitwall.da' }, "pitwall.json is not valid JSON"],
    ["is empty", { "pitwall.json": "" }, "pitwall.json is empty"],
    ["is of another kind", { "pitwall.json": "[]" }, "pitwall.json should have the schema “pitwall.database/1”"],
    [
      "holds conflict markers",
      { "pitwall.json": "<<<<<<< HEAD\n{}\n=======\n{}\n>>>>>>> theirs\n" },
      "pitwall.json holds the conflict markers of a merge",
    ],
    [
      "is of a newer format",
      { "pitwall.json": '{"schema":"pitwall.database/2"}' },
      "needs a version that reads pitwall.database/2",
    ],
  ])("its pitwall.json %s", async (_, files: Record<string, string | null>, message) => {
    await using fixture = await createFixture();
    const repository = await database(fixture);
    commitByHand(repository, branch, files, fixture.getPath("clone"));
    const tip = git(repository, "rev-parse", branch);
    expect(await problemOf(append(repository, 2))).toContain(message);
    expect(git(repository, "rev-parse", branch)).toBe(tip);
  });

  test("the run of the same id is damaged", async () => {
    await using fixture = await createFixture();
    const repository = await database(fixture);
    commitByHand(repository, branch, { [runPath(runNumber(1))]: '{"schema":' }, fixture.getPath("clone"));
    expect(await problemOf(append(repository, 1))).toContain(`${runPath(runNumber(1))} is not valid JSON`);
  });

  test("the branch's ref file is damaged", async () => {
    await using fixture = await createFixture();
    const repository = await database(fixture);
    await fixture.writeFile(`database.git/refs/heads/${branch}`, "");
    expect(await problemOf(append(repository, 2))).toContain("database.git");
    expect(await fixture.readFile(`database.git/refs/heads/${branch}`, "utf8")).toBe("");
  });
});

describe("a place that is no repository is named and left alone", () => {
  test.each([
    ["a file", "file.git", "file.git is not a git repository"],
    ["a folder with other things", "folder", "folder is not a git repository"],
    ["a new path without .git", "typo", "a new local repository is made only at a path that ends in .git"],
    ["a path below a file", "file.git/database.git", "file.git/database.git"],
  ])("%s", async (_, path, message) => {
    await using fixture = await createFixture({ "file.git": "text", "folder/letter.txt": "dear" });
    expect(await problemOf(append(fixture.getPath(path), 1))).toContain(message);
    expect(await fixture.readdir("")).toEqual(["file.git", "folder"]);
    expect(await fixture.readdir("folder")).toEqual(["letter.txt"]);
  });

  test("a branch name that git does not take", async () => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    const appending = appendRuns({ repository, branch: "a..b", runs: [runNumber(1)] }, recordingTools({ env }));
    expect(await problemOf(appending)).toBe("“a..b” cannot be the name of a git branch");
  });

  test("an empty folder becomes a repository", async () => {
    await using fixture = await createFixture();
    const repository = await fixture.mkdir("empty");
    await append(fixture.getPath("empty"), 1);
    expect(repository).toBeDefined();
    expect(filesOn(fixture.getPath("empty"))).toContain("pitwall.json");
  });
});

describe("a push that is refused says why, and is not tried again", () => {
  test("by a hook, with what the hook said", async () => {
    await using fixture = await createFixture();
    const repository = await database(fixture, "echo 'only on weekdays' >&2; exit 1");
    const tools = recordingTools({ env });
    const message = await problemOf(append(repository, 2, tools));
    expect(message).toContain("refuses the push by a rule or a hook of its own");
    expect(message).toContain("only on weekdays");
    expect(tools.said).toEqual([]);
    expect(filesOn(repository)).toContain(runPath(runNumber(1)));
    expect(filesOn(repository)).not.toContain(runPath(runNumber(2)));
  });

  test("by missing write access", async () => {
    await using fixture = await createFixture();
    const denial = "remote: Permission to octo/llm.git denied to github-actions[bot].";
    const repository = await database(fixture, `echo '${denial}' >&2; exit 1`);
    const message = await problemOf(append(repository, 2));
    expect(message).toContain("no write access to");
    expect(message).toContain("permissions: contents: write");
  });

  test("by a checkout of the branch", async () => {
    await using fixture = await createFixture();
    const work = fixture.getPath("work");
    git(".", "clone", "--quiet", "-b", branch, await database(fixture), work);
    expect(await problemOf(append(work, 2))).toContain(`the data branch is checked out in ${work}`);
  });
});

test("without git the message says to install it", async () => {
  await using fixture = await createFixture();
  const tools = recordingTools({ env: { ...env, PATH: fixture.path } });
  expect(await problemOf(append(fixture.getPath("database.git"), 1, tools))).toMatch(/git was not found.*install it/);
});

test("a host that does not exist or refuses is named", async () => {
  const message = await problemOf(append("http://127.0.0.1:9/octo/llm.git", 1));
  expect(message).toContain("http://127.0.0.1:9/octo/llm.git could not be reached");
});

describe("what no retry can mend ends at once, and says what to do", () => {
  test.each([
    [
      "a hook that refuses the change",
      (repository: string) => installHook(repository, "reference-transaction", "exit 1"),
      "a hook refuses the change",
    ],
    [
      "a branch whose name goes on where this one ends",
      (repository: string) => git(repository, "branch", `${branch}/more`, "other"),
      "choose another --branch",
    ],
  ])("%s", async (_, prepare, advice) => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    await appendRuns({ repository, branch: "other", runs: [runNumber(1)] }, recordingTools({ env }));
    prepare(repository);
    const tools = recordingTools({ env });
    expect(await problemOf(append(repository, 2, tools))).toContain(advice);
    expect(tools.said.filter((line) => line.includes("again"))).toEqual([]);
  });

  test("a repository with SHA-256 names", async () => {
    await using fixture = await createFixture();
    git(fixture.path, "init", "--quiet", "--bare", "--object-format=sha256", "database.git");
    expect(await problemOf(append(fixture.getPath("database.git"), 1))).toContain("publish to a repository with SHA-1");
  });

  test.each(["refs/heads/numbers", "HEAD"])("the branch name %s", async (name) => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    const appending = appendRuns({ repository, branch: name, runs: [runNumber(1)] }, recordingTools({ env }));
    expect(await problemOf(appending)).toContain("without refs/heads/");
  });
});
