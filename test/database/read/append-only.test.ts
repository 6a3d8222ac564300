import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { compactBranch } from "../../../src/database/pack/compact.ts";
import { retractionPath, serializeRetraction } from "../../../src/database/records/retraction.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { verify } from "../../../src/verbs/verify/verify.ts";
import { gitHttpServer } from "../../support/git-http-server.ts";
import { commitByHand, git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { packOf } from "../pack/packs.ts";
import { runNumber } from "../runs.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";
const inOctober = (number: number) => {
  const run = runNumber(number);
  const changes = { id: run.id.replace("202611", "202610"), startedAt: run.startedAt.replace("-11-", "-10-") };
  return { ...run, ...changes, finishedAt: run.finishedAt.replace("-11-", "-10-") };
};
const old = [inOctober(1), inOctober(2)] as const;
const recent = [runNumber(3), runNumber(4)] as const;
const changed = { ...recent[0], host: { ...recent[0].host, label: "other" } };
const [pack, index] = ["packed/2026/2026-10.jsonl.gz", "packed/2026/2026-10.ids"];
const accepted = "accepted/attention.json";
const why = `{"schema":"pitwall.accepted/1","series":"* latency_s","from":"${recent[0].id}","why":"new kernel"}\n`;
const retraction = {
  schema: "pitwall.retraction/1" as const,
  run: recent[1].id,
  why: "hot",
  at: "2026-11-24T10:00:00Z",
};
const retracted = retractionPath(recent[1].id);

/** A branch with a pack, files and records, which every test adds to in a branch of its own. */
let fixture: FsFixture;
let repository: string;
beforeAll(async () => {
  fixture = await createFixture();
  repository = fixture.getPath("database.git");
  const tools = recordingTools({ env });
  await appendRuns({ repository, branch, runs: [...old, ...recent] }, tools);
  await compactBranch({ repository, branch, before: "2026-11", dryRun: false }, tools);
  const records = { [accepted]: why, [retracted]: serializeRetraction(retraction) };
  commitByHand(repository, branch, { ...records, ".github/notes.md": "x" }, fixture.getPath("first"));
});
afterAll(() => fixture.rm());

let count = 0;
function propose(files: Record<string, string | Buffer | null>): string {
  const name = `proposal-${++count}`;
  git(repository, "branch", name, branch);
  commitByHand(repository, name, files, fixture.getPath(name));
  return name;
}

async function check(database: string, base = branch) {
  const { ok, outputs, text } = await verify.run(verify.inputs.parse({ database, base }), recordingTools({ env }));
  return { ok, problems: outputs.problems, text };
}

describe("against a base, verify lets through", () => {
  test("what only adds: runs, records, packs, and whatever is made anew", async () => {
    const more = runNumber(9);
    const name = propose({
      [runPath(more)]: serializeRun(more),
      "accepted/more.json": why.replace("new kernel", "newer kernel"),
      "README.md": "# Ours\n",
      ".github/notes.md": null,
    });
    const text = `${repository}#${name}: 4 runs (and 1 retracted), nothing wrong, everything of ${branch} is there`;
    expect(await check(`${repository}#${name}`)).toEqual({ ok: true, problems: [], text });
  });

  test("what moves runs into a pack, and what merges a late one into it", async () => {
    const late = inOctober(7);
    const name = propose({ [runPath(late)]: serializeRun(late) });
    const before = git(repository, "rev-parse", name);
    await compactBranch({ repository, branch: name, before: "2026-11", dryRun: false }, recordingTools({ env }));
    expect(await check(`${repository}#${name}`)).toMatchObject({ ok: true });
    expect(await check(`${repository}#${name}`, before)).toMatchObject({ ok: true });
    expect(await check(`${repository}#${name}`, `${name}~1`)).toMatchObject({ ok: true });
    // The way back is a loss: the base's pack had the late run.
    expect(await check(`${repository}#${branch}`, name)).toMatchObject({
      problems: [`${pack} of the base is gone, or no longer readable: the run ${late.id} is nowhere else`],
    });
  });

  test("anything, where there was no branch before", async () => {
    expect(await check(`${repository}#${branch}`, "0".repeat(40))).toMatchObject({
      ok: true,
      text: expect.stringMatching(/nothing wrong, and there is no base yet$/),
    });
  });

  test("a checkout, which is compared as it lies there", async () => {
    const checkout = fixture.getPath("checkout");
    git(".", "clone", "--quiet", "--branch", branch, repository, checkout);
    expect(await check(checkout, branch)).toMatchObject({ ok: true });
    await fixture.writeFile(`checkout/${runPath(recent[0])}`, serializeRun(changed));
    expect(await check(checkout, "HEAD")).toMatchObject({ ok: false });
  });

  test("a branch of a server, against its commits and branches", async () => {
    await using server = await gitHttpServer({ root: fixture.path, credentials: "x-access-token:t0ken" });
    const name = propose({ [runPath(recent[0])]: serializeRun(changed), [pack]: null, [index]: null });
    git(repository, "config", "uploadpack.allowAnySHA1InWant", "true");
    for (const base of [branch, git(repository, "rev-parse", branch)]) {
      const given = verify.inputs.parse({ database: `${server.url}/database.git#${name}`, base, token: "t0ken" });
      const { outputs } = await verify.run(given, recordingTools({ env }));
      expect(outputs.problems).toEqual([
        `${runPath(recent[0])} of the base was changed: the run ${recent[0].id} has other bytes now`,
        ...old.map(({ id }) => `${pack} of the base is gone, or no longer readable: the run ${id} is nowhere else`),
      ]);
    }
  });
});

describe("against a base, verify names", () => {
  test("runs that were changed, if only in spelling, or removed, and the same of records", async () => {
    const name = propose({
      [runPath(recent[0])]: `${JSON.stringify(recent[0])}\n`,
      [runPath(recent[1])]: null,
      [accepted]: why.replace("new kernel", "no reason"),
      [retracted]: null,
      "pitwall.json": '{"schema":"pitwall.database/1"}\n',
      "notes.txt": "hello",
    });
    expect(await check(`${repository}#${name}`)).toMatchObject({
      ok: false,
      problems: [
        "notes.txt does not belong on a data branch",
        `${runPath(recent[0])} of the base was changed: the run ${recent[0].id} has other bytes now`,
        `${runPath(recent[1])} of the base is gone, or no longer readable: the run ${recent[1].id} is nowhere else`,
        `${accepted} of the base was changed, and records are only added`,
        `${retracted} of the base is gone, and records are only added`,
        "pitwall.json no longer says that the branch holds real runs, as the base does",
      ],
    });
  });

  test("runs that a pack lost or changed, though the pack is sound", async () => {
    const name = propose(await packOf([{ ...old[1], cells: [] }]));
    expect(await check(`${repository}#${name}`)).toMatchObject({
      ok: false,
      problems: [
        `${pack} of the base is gone, or no longer readable: the run ${old[0].id} is nowhere else`,
        `${pack} of the base was changed: the run ${old[1].id} has other bytes now`,
      ],
    });
  });
});

test("a base that is the path of a site, as pitwall.yml may have it, is not compared with, and that is said", async () => {
  const tools = recordingTools({ env });
  const given = verify.inputs.parse({ database: `${repository}#${branch}`, base: "/llm/" });
  expect((await verify.run(given, tools)).text).toMatch(/nothing wrong$/);
  expect(tools.said).toEqual(["warning: base /llm/ is the path of a site, so nothing was compared"]);
});

test("a base that is not there is an error, and so is a folder that is no checkout", async () => {
  const missing = "has no branch or commit nowhere to compare with; a checkout needs its history (fetch-depth: 0)";
  await expect(check(`${repository}#${branch}`, "nowhere")).rejects.toThrow(missing);
  await using folder = await createFixture({ "pitwall.json": '{"schema":"pitwall.database/1"}\n' });
  await expect(check(folder.path)).rejects.toThrow(
    "a folder without git, which has none: leave --base out, or name REPOSITORY#BRANCH",
  );
});
