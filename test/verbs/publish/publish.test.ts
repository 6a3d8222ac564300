import { createFixture, type FsFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { UserError } from "../../../src/errors.ts";
import { publish } from "../../../src/verbs/publish/publish.ts";
import { filesOn, git, installHook, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const env = { ...process.env, ...isolated, GITHUB_TOKEN: undefined };
const other = {
  ...sampleRun,
  id: "20261123T064501Z-00000001",
  startedAt: "2026-11-23T06:45:01Z",
  finishedAt: "2026-11-23T07:02:44Z",
};

const withRuns = () =>
  createFixture({ "out/run.json": JSON.stringify(sampleRun, null, 1), "other.json": serializeRun(other) });

function publishing(fixture: FsFixture, inputs: Record<string, unknown>, tools = recordingTools({ env })) {
  return publish.run(publish.inputs.parse({ output: fixture.getPath("out"), ...inputs }), tools);
}

test("publishes run.json of the working folder, and says so once more without a second commit", async () => {
  await using fixture = await withRuns();
  const repository = fixture.getPath("database.git");
  const tools = recordingTools({ env });
  const first = await publishing(fixture, { database: repository }, tools);
  const commit = git(repository, "rev-parse", "pitwall-data");
  const outputs = {
    commit,
    branch: "pitwall-data",
    runIds: [sampleRun.id],
    published: true,
    attempts: 1,
    packedMonths: [],
    unpublished: [],
  };
  expect(first).toEqual({ ok: true, outputs });
  const second = await publishing(fixture, { database: repository }, tools);
  expect(second).toEqual({ ok: true, outputs: { ...outputs, published: false } });
  expect(Object.keys(outputs)).toEqual(Object.keys(publish.outputs));
  expect(tools.said).toEqual([
    `info: run ${sampleRun.id} published to pitwall-data of ${repository} as commit ${commit.slice(0, 10)}`,
    `info: run ${sampleRun.id} already there, on pitwall-data of ${repository}`,
  ]);
});

test("publishes several named documents in one commit to a named branch", async () => {
  await using fixture = await withRuns();
  const repository = fixture.getPath("database.git");
  const run = [fixture.getPath("out/run.json"), fixture.getPath("other.json")];
  const { outputs } = await publishing(fixture, { database: repository, run, branch: "numbers" });
  expect(outputs.runIds).toEqual([sampleRun.id, other.id]);
  const head = [".gitattributes", "README.md", "pitwall.json"];
  expect(filesOn(repository, "numbers")).toEqual([...head, runPath(sampleRun), runPath(other)]);
  expect(git(repository, "rev-list", "--count", "numbers")).toBe("1");
});

test("a push refused for lack of rights says so and where the run document is kept", async () => {
  await using fixture = await withRuns();
  const repository = fixture.getPath("database.git");
  git(".", "init", "--quiet", "--bare", repository);
  installHook(repository, "pre-receive", "echo 'remote: Write access to repository not granted.' >&2; exit 1");
  const error = await publishing(fixture, { database: repository }).catch((reason) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toContain(`no write access to ${repository}`);
  const file = fixture.getPath("out/run.json");
  expect(error.message).toContain(
    `Nothing is lost: the run is kept in ${file}. Publish it, once you may, with: pitwall publish --run ${file} ` +
      `--database ${repository} --branch pitwall-data`,
  );
});

test.each([
  ["is missing", undefined, /there is no run document .*run\.json: run post-process first/],
  ["is cut off", '{"schema":"pitwall.run/1",', /run\.json is not valid JSON/],
  ["is another document", '{"schema":"pitwall.cell/1"}', /run\.json should have the schema “pitwall\.run\/1”/],
])("a run document that %s is refused before anything is made", async (_, content, message) => {
  await using fixture = await createFixture(content === undefined ? {} : { "out/run.json": content });
  const repository = fixture.getPath("database.git");
  await expect(publishing(fixture, { database: repository })).rejects.toThrow(message);
  expect(await fixture.exists("database.git")).toBe(false);
});
