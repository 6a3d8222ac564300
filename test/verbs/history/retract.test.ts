import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { readDatabase } from "../../../src/database/read/read.ts";
import { retractionPath, serializeRetraction } from "../../../src/database/records/retraction.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { exportData } from "../../../src/verbs/export/export.ts";
import { history } from "../../../src/verbs/history/history.ts";
import { verify } from "../../../src/verbs/verify/verify.ts";
import { runNumber } from "../../database/runs.ts";
import { pitwall } from "../../support/cli.ts";
import { fileOn, filesOn, git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";
const [good, bad, unknown] = [runNumber(1), runNumber(2), runNumber(3)];
const why = "the GPU was throttled";

async function database(fixture: FsFixture): Promise<string> {
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: [good, bad] }, recordingTools({ env }));
  return repository;
}

function ask(repository: string, given: Record<string, unknown>, tools = recordingTools({ env })) {
  return history.run(history.inputs.parse({ database: `${repository}#${branch}`, ...given }), tools);
}

test("a retracted run is left out by every reader, which say so, and its document stays as it was", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture);
  const before = filesOn(repository);
  const { outputs } = await ask(repository, { task: `retract,${bad.id}`, why });
  expect(outputs.retracted).toEqual([bad.id]);
  expect(filesOn(repository)).toEqual([...before, retractionPath(bad.id)].toSorted());
  expect(fileOn(repository, runPath(bad))).toBe(serializeRun(bad));
  expect(JSON.parse(fileOn(repository, retractionPath(bad.id)))).toMatchObject({ run: bad.id, why });
  expect(git(repository, "log", "-1", "--format=%B", branch)).toBe(`Retract run ${bad.id}\n\n${why}`);

  expect((await readDatabase(`${repository}#${branch}`, { env })).runs).toEqual([good]);
  const tools = recordingTools({ env });
  const shown = JSON.parse((await ask(repository, { format: "json" }, tools)).text!) as { run: string }[];
  expect(new Set(shown.map(({ run }) => run))).toEqual(new Set([good.id]));
  expect(tools.said).toEqual([expect.stringMatching(`left out: the run ${bad.id}, retracted on .*: ${why}`)]);
  const inputs = { database: `${repository}#${branch}` };
  const exported = await exportData.run(
    exportData.inputs.parse({ ...inputs, format: "jsonl" }),
    recordingTools({ env }),
  );
  expect(exported.outputs.runs).toBe(1);
  const verified = await verify.run(verify.inputs.parse(inputs), recordingTools({ env }));
  expect(verified).toMatchObject({ ok: true, text: expect.stringContaining("1 run (and 1 retracted), nothing wrong") });
});

test("of processes that retract and publish at once, each run is retracted once and nothing is lost", async () => {
  await using fixture = await createFixture({ "run.json": serializeRun(unknown) });
  const repository = await database(fixture);
  const given = ["--database", `${repository}#${branch}`, "--why", why];
  const ended = await Promise.all([
    pitwall(["history", "retract", bad.id, ...given], fixture.path, isolated),
    pitwall(["history", "retract", bad.id, ...given], fixture.path, isolated),
    pitwall(["publish", "--database", repository, "--run", "run.json"], fixture.path, isolated),
  ]);
  expect(ended.map(({ exitCode }) => exitCode).toSorted()).toEqual([0, 0, 1]);
  expect(ended.map(({ stderr }) => stderr).join("")).toContain(`error: the run ${bad.id} was already retracted, on`);
  expect((await readDatabase(`${repository}#${branch}`, { env })).runs).toEqual([good, unknown]);
});

test("publishing a retracted run again does not bring it back", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture);
  await ask(repository, { task: `retract,${bad.id}`, why });
  const again = await appendRuns({ repository, branch, runs: [bad] }, recordingTools({ env }));
  expect(again.status).toBe("already-there");
  expect((await readDatabase(`${repository}#${branch}`, { env })).runs).toEqual([good]);
});

test("the same measurements under two ids are in order once one of them is retracted", async () => {
  const twin = { ...good, id: good.id.replace("00000001", "0000000f") };
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: [good] }, recordingTools({ env }));
  await ask(repository, { task: `retract,${good.id}`, why: "under a wrong id" });
  await appendRuns({ repository, branch, runs: [twin] }, recordingTools({ env }));
  const inputs = verify.inputs.parse({ database: `${repository}#${branch}` });
  expect((await verify.run(inputs, recordingTools({ env }))).ok).toBe(true);
});

describe("retracting", () => {
  let fixture: FsFixture;
  let repository: string;
  beforeAll(async () => {
    fixture = await createFixture();
    repository = await database(fixture);
    await ask(repository, { task: `retract,${bad.id}`, why });
  });
  afterAll(() => fixture.rm());

  test.each<[string, Record<string, unknown>, string]>([
    ["an unknown run", { task: `retract,${unknown.id}`, why }, `${unknown.id}: no such run on pitwall-data of`],
    ["one unknown run of two", { task: `retract,${good.id},${unknown.id}`, why }, `${unknown.id}: no such run`],
    ["a run twice at once", { task: `retract,${good.id},${good.id}`, why }, `the run ${good.id} is named twice`],
    [
      "a run that was retracted",
      { task: `retract,${bad.id}`, why: "again" },
      `the run ${bad.id} was already retracted, on`,
    ],
    ["no run", { task: "retract", why }, "name the run to retract"],
    ["something that is no id", { task: "retract,7f3a", why }, "“7f3a” is not the id of a run"],
    ["a run without a reason", { task: `retract,${good.id}` }, "say why with --why TEXT"],
    ["nothing, but with a reason", { why }, "--why goes with a task"],
    ["another task", { task: `remove,${good.id}`, why }, "history knows no “remove”"],
  ])("%s is an error that says what to do, and adds nothing", async (_, given, message) => {
    const tip = git(repository, "rev-parse", branch);
    await expect(ask(repository, given)).rejects.toThrow(message);
    expect(git(repository, "rev-parse", branch)).toBe(tip);
  });
});

test("a place without such a branch is named, and nothing is made there", async () => {
  await using fixture = await createFixture({ "folder/pitwall.json": '{"schema":"pitwall.database/1"}\n' });
  await expect(ask(fixture.getPath("none.git"), { task: `retract,${bad.id}`, why })).rejects.toThrow("does not exist");
  const inFolder = { database: fixture.getPath("folder"), task: `retract,${bad.id}`, why };
  await expect(ask("", inFolder)).rejects.toThrow("name the repository and its branch");
  expect(await fixture.readdir("")).toEqual(["folder"]);
  git(".", "init", "--quiet", "--bare", fixture.getPath("empty.git"));
  const inEmpty = ask(fixture.getPath("empty.git"), { task: `retract,${bad.id}`, why });
  await expect(inEmpty).rejects.toThrow("there is no branch pitwall-data of");
});

const record = { schema: "pitwall.retraction/1", run: bad.id, why, at: "2026-11-24T10:00:00Z" } as const;
const acceptedChange = { schema: "pitwall.accepted/1", series: "latency_s", from: good.id, why: "a new kernel" };

test.each<[string, string, object | string, string]>([
  ["a retraction without a reason", retractionPath(bad.id), { ...record, why: " " }, "does not have the form of"],
  ["a retraction of another run", retractionPath(good.id), record, `retracts another run, ${bad.id}`],
  [
    "a retraction of no run",
    retractionPath(unknown.id),
    { ...record, run: unknown.id },
    "retracts a run that is not on the branch",
  ],
  ["a retraction of a newer format", retractionPath(bad.id), { schema: "pitwall.retraction/2" }, "a newer pitwall"],
  ["a retraction without an id for a name", "retracted/bad.json", record, "does not belong on a data branch"],
  [
    "an accepted change without a run",
    "accepted/a.json",
    { ...acceptedChange, from: "x" },
    "does not have the form of",
  ],
  ["an accepted change without a reason", "accepted/a.json", { ...acceptedChange, why: "" }, "does not have the form"],
  ["an accepted change of another schema", "accepted/a.json", { schema: "b/1" }, "should have the schema"],
  ["an accepted change cut off", "accepted/a.json", '{"schema":', "is not valid JSON"],
])("%s is named by verify and by the reader", async (_, path, content, message) => {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const files = Object.fromEntries([good, bad].map((run) => [runPath(run), serializeRun(run)]));
  const marker = { "pitwall.json": '{"schema":"pitwall.database/1"}\n' };
  await using fixture = await createFixture({ ...marker, ...files, [path]: text });
  const { outputs } = await verify.run(verify.inputs.parse({ database: fixture.path }), recordingTools());
  expect(outputs.problems).toEqual([expect.stringContaining(`${path} `)]);
  expect(outputs.problems).toEqual([expect.stringContaining(message)]);
  await expect(readDatabase(fixture.path)).rejects.toThrow(message);
});

test("good accepted changes and retractions are read", async () => {
  const files = Object.fromEntries([good, bad].map((run) => [runPath(run), serializeRun(run)]));
  await using fixture = await createFixture({
    "pitwall.json": '{"schema":"pitwall.database/1"}\n',
    "accepted/kernel.json": JSON.stringify(acceptedChange),
    [retractionPath(bad.id)]: serializeRetraction(record),
    ...files,
  });
  expect((await readDatabase(fixture.path)).runs).toEqual([good]);
});
