import { symlink } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { exportBranch, readDatabase } from "../../../src/database/read/read.ts";
import { runPath } from "../../../src/database/records/run.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { commitByHand, filesOn, git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { runNumber } from "../runs.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";
const fill = (repository: string, runs: Run[]) => appendRuns({ repository, branch, runs }, recordingTools({ env }));

const marker = { "pitwall.json": '{"schema":"pitwall.database/1"}\n' };
const asFiles = (...runs: Run[]) => Object.fromEntries(runs.map((run) => [runPath(run), serializeRun(run)]));

describe("reading", () => {
  test("gives the runs of a folder by the real time of their start", async () => {
    const late = runNumber(1, { startedAt: "2026-11-30T00:00:00Z" });
    const sameSecond = [
      runNumber(3, { startedAt: "2026-11-04T06:45:01.500Z" }),
      runNumber(4, { startedAt: "2026-11-04T06:45:01.25Z" }),
    ];
    await using fixture = await createFixture({ ...marker, ...asFiles(late, runNumber(2), ...sameSecond) });
    const { runs } = await readDatabase(fixture.path);
    expect(runs.map(({ id }) => id)).toEqual([runNumber(2), sameSecond[1]!, sameSecond[0]!, late].map(({ id }) => id));
  });

  test("gives the same from a bare repository, with and without the branch's name, and from a checkout", async () => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    await fill(repository, [runNumber(2), runNumber(1)]);
    git(".", "clone", "--quiet", "--branch", branch, repository, fixture.getPath("clone"));
    for (const source of [`${repository}#${branch}`, repository, `file://${repository}`, fixture.getPath("clone")]) {
      expect(await readDatabase(source, { env })).toEqual({ runs: [runNumber(1), runNumber(2)] });
    }
  });

  test.each([
    ["a branch that is not there", "database.git#other", /has no branch other yet: publish a run first/],
    ["a repository that is not there", "none.git#pitwall-data", /none\.git does not exist/],
    [
      "a folder that is not there",
      "nowhere",
      /nowhere does not exist, so there is no history to read: publish a run first, or name another/,
    ],
    [
      "a folder of something else",
      "letters",
      /is neither a git repository nor a data branch: there is no pitwall\.json/,
    ],
  ])("names %s", async (_, source, message) => {
    await using fixture = await createFixture({ "letters/one.txt": "dear" });
    await fill(fixture.getPath("database.git"), [runNumber(1)]);
    await expect(readDatabase(fixture.getPath(source), { env })).rejects.toThrow(message);
  });
});

describe("damage", () => {
  const path = runPath(runNumber(1));
  const good = serializeRun(runNumber(1));

  test.each<[string, Record<string, string | Buffer>, string]>([
    ["a truncated run", { [path]: good.slice(0, -30) }, `${path} is not valid JSON`],
    [
      "a run of the wrong type",
      { [path]: good.replace('"cells":[', '"cells":null,"x":[') },
      `${path} does not have the form`,
    ],
    ["conflict markers", { [path]: `<<<<<<< a\n${good}=======\n>>>>>>> b\n` }, `${path} holds the conflict markers`],
    ["an unknown schema", { [path]: good.replace("pitwall.run/1", "mine/1") }, `${path} should have the schema`],
    ["a newer schema", { [path]: good.replace("run/1", "run/2") }, `${path} was written by a newer pitwall`],
    [
      "an id that is not the file's name",
      { [path]: serializeRun(runNumber(2)) },
      `${path} holds a run with another id`,
    ],
    [
      "invalid UTF-8",
      { [path]: Buffer.from(good.replace("Fuse", "F\u00fcse"), "latin1") },
      `${path} is not valid UTF-8`,
    ],
    ["a run in the wrong month", { [path.replace("/11/", "/10/")]: good }, "does not belong on a data branch"],
    ["an unknown file", { "runs/notes.txt": "hello" }, "runs/notes.txt does not belong on a data branch"],
    ["a damaged marker", { "pitwall.json": "{" }, "pitwall.json is not valid JSON"],
  ])("%s is an error that names the file, in a folder and in a repository", async (_, files, message) => {
    await using fixture = await createFixture({ ...marker, ...asFiles(runNumber(5)), ...files });
    await expect(readDatabase(fixture.path)).rejects.toThrow(message);
    await using other = await createFixture();
    git(".", "init", "--quiet", "--bare", other.getPath("database.git"));
    const all = { ...marker, ...asFiles(runNumber(5)), ...files };
    commitByHand(other.getPath("database.git"), branch, all, other.getPath("clone"));
    await expect(readDatabase(`${other.getPath("database.git")}#${branch}`, { env })).rejects.toThrow(message);
  });

  test("every damaged file is named at once", async () => {
    await using fixture = await createFixture({ "pitwall.json": "{}", [path]: "{", "runs/notes.txt": "hello" });
    const reading = readDatabase(fixture.path);
    await expect(reading).rejects.toThrow(/- pitwall\.json should[\s\S]*- runs\/2026\/[\s\S]*- runs\/notes\.txt/);
  });

  test("a symbolic link is not followed", async () => {
    await using fixture = await createFixture({ ...marker, "elsewhere/run.json": good });
    await fixture.mkdir("runs/2026/11");
    await symlink(fixture.getPath("elsewhere/run.json"), fixture.getPath(path));
    await fixture.rm("elsewhere");
    await expect(readDatabase(fixture.path)).rejects.toThrow(`${path} is not a plain file`);
  });

  test("files that belong to other tools are left alone", async () => {
    await using fixture = await createFixture({
      ...marker,
      ...asFiles(runNumber(1)),
      ".nojekyll": "",
      ".github/ci.yml": "on: push",
    });
    expect((await readDatabase(fixture.path)).runs).toEqual([runNumber(1)]);
  });
});

describe("exporting", () => {
  test("writes the branch file by file, and replaces an earlier export", async () => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    await fill(repository, [runNumber(1)]);
    const folder = fixture.getPath("made/for/site");
    await exportBranch(`${repository}#${branch}`, folder, { env });
    await fill(repository, [runNumber(2)]);
    await exportBranch(`${repository}#${branch}`, folder, { env });
    expect(await readDatabase(folder)).toEqual({ runs: [runNumber(1), runNumber(2)] });
    for (const path of filesOn(repository)) {
      expect(await fixture.readFile(`made/for/site/${path}`, "utf8")).toBe(
        `${git(repository, "show", `${branch}:${path}`)}\n`,
      );
    }
    expect(await fixture.readdir("made/for")).toEqual(["site"]);
  });

  test("copies a folder without its git folder", async () => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    await fill(repository, [runNumber(1)]);
    git(".", "clone", "--quiet", "--branch", branch, repository, fixture.getPath("clone"));
    await exportBranch(fixture.getPath("clone"), fixture.getPath("copy"));
    expect((await fixture.readdir("copy")).toSorted()).toEqual([".gitattributes", "README.md", "pitwall.json", "runs"]);
  });

  test("never replaces a folder that holds something else", async () => {
    await using fixture = await createFixture({ "letters/one.txt": "dear" });
    const repository = fixture.getPath("database.git");
    await fill(repository, [runNumber(1)]);
    const exporting = exportBranch(repository, fixture.getPath("letters"), { env });
    await expect(exporting).rejects.toThrow("holds other files; name an empty or a new folder");
    expect(await fixture.readFile("letters/one.txt", "utf8")).toBe("dear");
  });
});
