import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { Renaming, renamingPath, serializeRenaming } from "../../../src/database/records/renaming.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { compareWithHistory } from "../../../src/verbs/post-process/compare-history.ts";
import { runOn, size } from "../../report/histories.ts";
import { isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const nights = Array.from({ length: 8 }, (_, day) => runOn(day + 1, [size(1, 1)]));
const tonight = runOn(9, [size(1, 1.3)]);
const files = {
  "pitwall.json": '{"schema":"pitwall.database/1"}\n',
  ...Object.fromEntries(nights.map((run) => [runPath(run), serializeRun(run)])),
};
const renaming = Renaming.parse({
  ...{ schema: "pitwall.renaming/1", what: "host", from: "runner-8f2c", to: "h100-1" },
  ...{ why: "the pod's name was its label", by: "octocat", at: "2026-11-24T10:00:00Z" },
});

let fixture: FsFixture;
beforeAll(async () => {
  fixture = await createFixture({
    whole: files,
    damaged: { ...files, [runPath(nights[7]!)]: "{" },
    renamed: { ...files, [renamingPath(renaming)]: serializeRenaming(renaming) },
  });
});
afterAll(() => fixture.rm());

async function compare(
  database: string | undefined,
  given: { baseline?: string; env?: object; run?: typeof tonight } = {},
) {
  const tools = recordingTools({ env: { ...process.env, GITHUB_BASE_REF: "", ...isolated, ...given.env } });
  const place = database === undefined ? undefined : fixture.getPath(database);
  const verdict = await compareWithHistory(given.run ?? tonight, { database: place, baseline: given.baseline }, tools);
  return { found: verdict && [verdict.status, verdict.baselineRuns], said: tools.said };
}

test("a run is held against the runs of its own ref", async () => {
  expect(await compare("whole")).toEqual({ found: ["suspected", 8], said: [] });
  const run = { ...tonight, trigger: { ...tonight.trigger, ref: "refs/heads/feature" } };
  expect((await compare("whole", { run })).found).toEqual(["unjudged", 0]);
});

test("a pull request is held against its base, and whatever is named comes before both", async () => {
  const run = { ...tonight, trigger: { ...tonight.trigger, ref: "refs/pull/7/merge" } };
  expect((await compare("whole", { run, env: { GITHUB_BASE_REF: "main" } })).found).toEqual(["suspected", 8]);
  expect((await compare("whole", { run, baseline: "main" })).found).toEqual(["suspected", 8]);
  expect((await compare("whole", { run, baseline: "refs/heads/main" })).found).toEqual(["suspected", 8]);
  expect((await compare("whole", { baseline: "release" })).found).toEqual(["unjudged", 0]);
});

test("a machine that was renamed keeps its history, though the new document has the old name", async () => {
  const run = { ...tonight, host: { ...tonight.host, label: "runner-8f2c" } };
  expect((await compare("whole", { run })).found).toEqual(["unjudged", 0]);
  expect((await compare("renamed", { run })).found).toEqual(["suspected", 8]);
});

test("without a history nothing is compared, and that is no warning", async () => {
  expect(await compare(undefined)).toEqual({ found: null, said: [] });
  const { found, said } = await compare("none.git#pitwall-data");
  expect([found, said]).toEqual([null, [expect.stringContaining("no history yet to compare with")]]);
});

test("damage in the history is warned of, and never keeps the run from being published", async () => {
  const { found, said } = await compare("damaged");
  expect(found).toEqual(["suspected", 7]);
  expect(said).toEqual([expect.stringContaining(`skipped: ${runPath(nights[7]!)} is not valid JSON`)]);
});

test("a place that is no data branch is a warning, too", async () => {
  const { found, said } = await compare("whole/runs");
  expect([found, said]).toEqual([null, [expect.stringContaining("the run was not compared with its history")]]);
});

test("a run with other engine arguments begins a series, and whoever looks is told which", async () => {
  const run = { ...tonight, engine: { ...tonight.engine, args: ["--max-num-seqs", "8"] } };
  const { found, said } = await compare("whole", { run });
  expect(found).toEqual(["unjudged", 0]);
  expect(said.join()).toContain("had other engine arguments (--max-num-seqs 8 added)");
});

test("a history that is being read when everything is to end is not read on, and nothing is said of it", async () => {
  const ended = new AbortController();
  const tools = recordingTools({ signal: ended.signal });
  const verdict = compareWithHistory(tonight, { database: fixture.getPath("whole") }, tools);
  ended.abort();
  expect({ verdict: await verdict, said: tools.said }).toEqual({ verdict: null, said: [] });
});
