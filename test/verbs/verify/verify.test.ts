import { symlink } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { verify } from "../../../src/verbs/verify/verify.ts";
import { runNumber } from "../../database/runs.ts";
import { commitByHand, git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const env = { ...process.env, ...isolated };
const marker = { "pitwall.json": '{"schema":"pitwall.database/1"}\n' };
const good = serializeRun(runNumber(1));
const path = runPath(runNumber(1));

async function check(database: string) {
  const tools = recordingTools({ env });
  return { ...(await verify.run(verify.inputs.parse({ database }), tools)), said: tools.said };
}

test("a branch with nothing wrong is good, as a folder and as a branch of a repository", async () => {
  await using fixture = await createFixture({ ...marker, [path]: good });
  const outputs = { valid: true, runs: 1, problems: [] };
  expect(await check(fixture.path)).toMatchObject({ ok: true, outputs, said: [] });
  await using other = await createFixture();
  const repository = other.getPath("database.git");
  git(".", "init", "--quiet", "--bare", repository);
  commitByHand(repository, "pitwall-data", { ...marker, [path]: good }, other.getPath("clone"));
  expect(await check(`${repository}#pitwall-data`)).toMatchObject({ ok: true, outputs });
});

const twin = { ...runNumber(1), id: runNumber(1).id.replace("00000001", "0000000f") };
const late = { ...runNumber(1), startedAt: "2026-11-02T06:45:02Z" };
const twice = { ...runNumber(1), cells: [...runNumber(1).cells, ...runNumber(1).cells] };
const backwards = { ...runNumber(1), finishedAt: "2026-11-01T00:00:00Z" };

test.each<[string, Record<string, string | Buffer>, string]>([
  ["a truncated file", { [path]: good.slice(0, -20) }, `${path} is not valid JSON`],
  ["a wrong type", { [path]: good.replace('"simulated":false', '"simulated":0') }, `${path} does not have the form`],
  ["an unknown schema", { [path]: good.replace("pitwall.run/1", "mine/1") }, `${path} should have the schema`],
  ["a merge conflict", { [path]: `<<<<<<< a\n${good}=======\n>>>>>>> b\n` }, `${path} holds the conflict markers`],
  ["line ends of Windows", { [path]: good.replaceAll("\n", "\r\n") }, `${path} has line ends of Windows`],
  ["a huge file", { [path]: `${good}${" ".repeat(6 * 2 ** 20)}` }, `${path} is 6.0 MiB, more than any document has`],
  ["invalid UTF-8", { [path]: Buffer.from([0x7b, 0xff]) }, `${path} is not valid UTF-8`],
  ["a file outside of runs", { "notes/today.txt": "x" }, "notes/today.txt does not belong on a data branch"],
  [
    "the same measurements twice",
    { [runPath(twin)]: serializeRun(twin) },
    `${runPath(twin)} holds the same measurements`,
  ],
  ["an id of another time", { [path]: serializeRun(late) }, `${path} breaks the order`],
  ["a cell twice", { [path]: serializeRun(twice) }, `${path} has the cell latency-sweep/in_512_out_128_bs_1 more than`],
  ["an end before the beginning", { [path]: serializeRun(backwards) }, `${path} ended (2026-11-01T00:00:00Z) before`],
])("%s is a problem that names its file, and the exit says so", async (_, files, message) => {
  await using fixture = await createFixture({ ...marker, [path]: good, ...files });
  const { ok, outputs, said } = await check(fixture.path);
  expect(ok).toBe(false);
  expect(outputs.problems).toEqual([expect.stringContaining(message)]);
  expect(said).toEqual([`error: ${(outputs.problems as string[])[0]}`]);
});

test("a missing marker and a symbolic link are problems, and all are told at once", async () => {
  await using fixture = await createFixture({ "elsewhere.json": good, "runs/2026/11/x.json": "{}" });
  await symlink(fixture.getPath("elsewhere.json"), fixture.getPath(path));
  const { outputs } = await check(fixture.path).catch((error) => ({ outputs: { problems: [error.message] } }));
  expect(outputs.problems).toEqual([expect.stringContaining("there is no pitwall.json in it")]);
  await fixture.writeFile("pitwall.json", marker["pitwall.json"]);
  expect((await check(fixture.path)).outputs.problems).toEqual([
    "elsewhere.json does not belong on a data branch",
    `${path} is not a plain file`,
    "runs/2026/11/x.json does not belong on a data branch",
  ]);
});
