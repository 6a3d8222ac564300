import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { readContent } from "../../../src/database/read/read.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { history } from "../../../src/verbs/history/history.ts";
import { verify } from "../../../src/verbs/verify/verify.ts";
import { judgeRun } from "../../../src/verdict/judge-run.ts";
import { runOn, size } from "../../report/histories.ts";
import { documented, runDocumented } from "../../support/documented.ts";
import { commitByHand, filesOn, git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const env = { ...process.env, ...isolated, GITHUB_ACTIONS: "true", GITHUB_ACTOR: "octocat" };
const branch = "pitwall-data";
const why = "a longer context, on purpose";
/** Eight calm nights, and two after a change. */
const nights: Run[] = [1, 1, 1, 1, 1, 1, 1, 1, 1.2, 1.2].map((latency, index) =>
  runOn(index + 1, [size(1, latency), size(16, latency)]),
);
const [changed] = nights.slice(8) as [Run];
const series = `${size(1, 1).id} latency_s`;
/** On another machine, where nothing changed. */
const elsewhere = runOn(9, [size(1, 1)], {
  id: "20261109T064501Z-0000000f",
  host: { ...changed.host, label: "h100-2" },
});

function ask(database: string, given: Record<string, unknown>, tools = recordingTools({ env })) {
  return history.run(history.inputs.parse({ database, ...given }), tools);
}

async function accepted(database: string) {
  return (await readContent(database, { env })).records.accepted.map(({ from, ...rest }) => ({
    ...rest,
    from: from.id,
  }));
}

describe.each(["git", "folder"] as const)("on a data branch in %s", (kind) => {
  let fixture: FsFixture;
  let database: string;
  const files = async () =>
    kind === "git"
      ? filesOn(fixture.getPath("database.git"))
      : (await fixture.readdir("shared/accepted").catch(() => [])).map((name) => `accepted/${name}`);

  beforeAll(async () => {
    fixture = await createFixture({ "shared/.keep": "" });
    const home = kind === "git" ? fixture.getPath("database.git") : `folder:${fixture.getPath("shared")}`;
    database = kind === "git" ? `${home}#${branch}` : home;
    await appendRuns({ repository: home, branch, runs: [...nights, elsewhere] }, recordingTools({ env }));
  });
  afterAll(() => fixture.rm());

  test("a dry run says what would be settled, and adds nothing", async () => {
    const before = await files();
    const { text, outputs } = await ask(database, { task: `accept,${series}`, from: changed.id, why, dryRun: true });
    const [what, ...settled] = text!.split("\n");
    expect(what).toMatch(`would accept 1 series from ${changed.id} on, in `);
    expect(settled).toEqual([`settles ${series}: worse for 2 runs, 1.0000 s → 1.2000 s (+20.0 %)`]);
    expect(outputs.accepted).toBe(0);
    expect(await files()).toEqual(before);
  });

  test("accepting adds one record that names who, from which run on, and why, and every reader sees it", async () => {
    const { text, outputs } = await ask(database, { task: `accept,${series}`, from: changed.id, why });
    expect(text).toContain(`accepted 1 series from ${changed.id} on`);
    expect(outputs).toMatchObject({ accepted: 1, runs: 1 });
    expect((await files()).filter((path) => path.startsWith("accepted/"))).toHaveLength(1);
    expect(await accepted(database)).toEqual([
      { series, from: changed.id, why, file: expect.stringMatching(/^accepted\/.*\.json$/) },
    ]);
    const checked = await verify.run(verify.inputs.parse({ database }), recordingTools({ env }));
    expect(checked).toMatchObject({ ok: true });
  });

  test("of a pattern, what is not settled yet is settled, and other machines are not touched", async () => {
    const both = `${changed.id},${elsewhere.id}`;
    const { text } = await ask(database, { task: "accept,* latency_s", from: both, why });
    expect(text).toContain(`accepted 3 series from ${both.replace(",", ", ")} on`);
    expect(text!.split("\n").slice(1)).toEqual([
      `settles ${size(16, 1).id} latency_s: worse for 2 runs, 1.0000 s → 1.2000 s (+20.0 %)`,
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["the same once more", { task: `accept,${series}`, from: changed.id, why: "again" }, "was already accepted from"],
    ["no series", { task: "accept", from: changed.id, why }, "name the series that changed"],
    ["no run", { task: `accept,${series}`, why }, "say from which run on, with --from RUN"],
    ["what is no run's id", { task: `accept,${series}`, from: "7f3a", why }, "“7f3a” is not the id of a run"],
    ["an unknown run", { task: "accept,*", from: "20260101T000000Z-00000000", why }, "no such run in"],
    ["no reason", { task: `accept,${series}`, from: changed.id }, "say why with --why TEXT"],
    ["a metric alone", { task: "accept,latency_s", from: changed.id, why }, `did you mean “${series}”?`],
    [
      "an option of a query",
      { task: "accept,*", from: changed.id, why, host: "h100" },
      "--host does not go with accept",
    ],
    ["--from without a task", { from: changed.id }, "--from goes with accept"],
  ])("%s is an error that says what to do, and adds nothing", async (_, given, message) => {
    const before = await files();
    await expect(ask(database, given)).rejects.toThrow(message);
    expect(await files()).toEqual(before);
  });
});

test("an accepted score is what later runs of check-accuracy are held against, whatever the verdict says of it", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const cell = { id: "check-accuracy/mine", benchmark: "check-accuracy" as const, params: {} };
  const runs = [1, 0.8].map((score, index) =>
    runOn(index + 1, [{ ...cell, status: "ok", metrics: { score, samples: 60 } }]),
  );
  await appendRuns({ repository, branch, runs }, recordingTools({ env }));
  const given = { task: "accept,check-accuracy/mine score", from: runs[1]!.id, why };
  const { text } = await ask(`${repository}#${branch}`, given);
  expect(text!.split("\n").slice(1)).toEqual([
    `later runs of check-accuracy/mine are held against ${runs[1]!.id}, or a good one after it`,
  ]);
});

test("the record is a commit of its own that says why", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await appendRuns({ repository, branch, runs: nights }, recordingTools({ env }));
  await ask(`${repository}#${branch}`, { task: `accept,${series}`, from: changed.id, why });
  expect(git(repository, "log", "-1", "--format=%B", branch)).toBe(`Accept ${series} from ${changed.id} on\n\n${why}`);
});

test("a change stays accepted when its first run is retracted, or its machine or cell gets another name", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const database = `${repository}#${branch}`;
  await appendRuns({ repository, branch, runs: nights }, recordingTools({ env }));
  await ask(database, { task: `accept,${series}`, from: changed.id, why });
  await ask(database, { task: `retract,${changed.id}`, why: "the GPU was throttled" });
  await ask(database, { task: "rename,host,h100-1,rack-7", why: "moved" });
  for (const [from, to] of [
    [size(1, 1).id, "latency-sweep/small"],
    ["latency-sweep/small", "latency-sweep/tiny"],
  ]) {
    await ask(database, { task: `rename,cell,${from},${to}`, why: "shorter" });
  }
  const content = await readContent(database, { env });
  const { records, runs } = content;
  const judged = judgeRun(runs.at(-1)!, { runs, accepted: records.accepted }, "refs/heads/main").series;
  expect(judged.map(({ cell, standing }) => `${cell} ${standing.kind}`)).toEqual([
    "latency-sweep/tiny unjudged",
    `${size(16, 1).id} suspected`,
  ]);
  expect(runs).toHaveLength(nights.length - 1);
  expect(records.accepted).toMatchObject([{ series, from: { id: changed.id, host: { label: "rack-7" } } }]);
});

test("verify names a record that accepts nothing", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  const database = `${repository}#${branch}`;
  await appendRuns({ repository, branch, runs: nights }, recordingTools({ env }));
  await ask(database, { task: `accept,${series}`, from: changed.id, why });
  const vain = { schema: "pitwall.accepted/1", series: "latency_s", from: changed.id, why };
  commitByHand(repository, branch, { "accepted/old.json": JSON.stringify(vain) }, fixture.getPath("clone"));
  const checked = () => verify.run(verify.inputs.parse({ database }), recordingTools({ env }));
  expect((await checked()).outputs.problems).toEqual([
    `accepted/old.json accepts “latency_s”, which is the name of no series of the run ${changed.id}`,
  ]);
});

test("the commands of the page accept a change", async () => {
  await using fixture = await createFixture();
  const home = process.cwd();
  const commands = documented("docs/verdict.md").filter((line) => line.startsWith("npx pitwall history"));
  expect(commands).toHaveLength(2);
  try {
    process.chdir(fixture.path);
    await appendRuns({ repository: ".pitwall/database.git", branch, runs: [sampleRun] }, recordingTools({ env }));
    const ended = [];
    for (const line of commands)
      ended.push((await runDocumented(line, recordingTools({ env: { ...env, GITHUB_ACTIONS: "" } }))).outputs.accepted);
    expect(ended).toEqual([0, 1]);
  } finally {
    process.chdir(home);
  }
});

test("a record of a run that is not on the branch is named", async () => {
  const record = { schema: "pitwall.accepted/1", series: "*", from: "20260101T000000Z-00000000", why };
  await using fixture = await createFixture({
    "pitwall.json": '{"schema":"pitwall.database/1"}\n',
    "accepted/kernel.json": JSON.stringify(record),
  });
  const { problems } = await readContent(fixture.path, { env });
  expect(problems).toEqual([
    {
      file: "accepted/kernel.json",
      message: "accepted/kernel.json accepts changes from a run that is not on the branch",
    },
  ]);
});
