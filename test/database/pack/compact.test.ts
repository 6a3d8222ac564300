import { cp, symlink } from "node:fs/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { compactBranch } from "../../../src/database/pack/compact.ts";
import { readContent, readDatabase } from "../../../src/database/read/read.ts";
import { verifyDatabase } from "../../../src/database/read/verify.ts";
import { runPath } from "../../../src/database/records/run.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { history } from "../../../src/verbs/history/history.ts";
import { pitwall } from "../../support/cli.ts";
import { commitByHand, fileOn, filesOn, git, installHook, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { runNumber } from "../runs.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";
const tools = () => recordingTools({ env });
const [pack, index] = ["packed/2026/2026-10.jsonl.gz", "packed/2026/2026-10.ids"];

/** A run of October. */
function october(number: number, changes: Partial<Run> = {}): Run {
  const run = runNumber(number, changes);
  const inOctober = (moment: string) => moment.replace("2026-11", "2026-10");
  return {
    ...run,
    id: run.id.replace("202611", "202610"),
    startedAt: inOctober(run.startedAt),
    finishedAt: inOctober(run.finishedAt),
  };
}
const old = [october(1), october(2), october(3)];
const recent = runNumber(1);

/** A branch with the runs above, and the same compacted; copied by every test that changes one. */
let templates: FsFixture;
beforeAll(async () => {
  templates = await createFixture();
  await appendRuns({ repository: templates.getPath("loose.git"), branch, runs: [...old, recent] }, tools());
  await cp(templates.getPath("loose.git"), templates.getPath("compacted.git"), { recursive: true });
  await compact(templates.getPath("compacted.git"));
});
afterAll(() => templates.rm());

async function database(fixture: FsFixture, state: "loose" | "compacted" = "loose"): Promise<string> {
  const repository = fixture.getPath("database.git");
  await cp(templates.getPath(`${state}.git`), repository, { recursive: true });
  return repository;
}

const compact = (repository: string, changes = {}) =>
  compactBranch({ repository, branch, before: "2026-11", dryRun: false, ...changes }, tools());
const publish = (repository: string, ...runs: Run[]) => appendRuns({ repository, branch, runs }, tools());
const read = async (repository: string) => (await readDatabase(`${repository}#${branch}`, { env })).runs;
const verified = (repository: string) => verifyDatabase(`${repository}#${branch}`, { env });

test("a closed month becomes one file in one commit, proven, and every reader finds the same runs", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture);
  const before = git(repository, "rev-parse", branch);
  const result = await compact(repository);
  expect(result).toMatchObject({ status: "compacted", attempts: 1, left: [] });
  expect(result.months).toMatchObject([{ month: "2026-10", runs: 3, proven: { runs: 3, points: 18 } }]);
  expect(result.months[0]!.bytes.after).toBeLessThan(result.months[0]!.bytes.before / 3);
  expect(filesOn(repository)).toEqual([".gitattributes", "README.md", index, pack, "pitwall.json", runPath(recent)]);
  expect(git(repository, "rev-parse", `${branch}^`)).toBe(before);
  expect(git(repository, "log", "-1", "--format=%s", branch)).toBe("Pack the runs of 2026-10");
  expect(fileOn(repository, index)).toBe(
    old.map((run) => `${run.id} ${git(repository, "rev-parse", `${before}:${runPath(run)}`)}\n`).join(""),
  );
  git(repository, "fsck", "--strict");
  expect(await read(repository)).toEqual([...old, recent]);
  expect(await verified(repository)).toMatchObject({ runs: 4, problems: [] });
  expect(await compact(repository)).toMatchObject({ status: "nothing-to-do", commit: result.commit });
});

test("a dry run makes the same packs and changes nothing", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture);
  const before = git(repository, "rev-parse", branch);
  const tried = await compact(repository, { dryRun: true });
  expect(git(repository, "rev-parse", branch)).toBe(before);
  expect(tried).toMatchObject({ status: "dry-run", commit: before });
  expect((await compact(repository, { message: "Make room" })).months).toEqual(tried.months);
  expect(git(repository, "log", "-1", "--format=%B", branch)).toBe("Make room");
});

test("a packed run is there already for publish, another content under its id is refused, and it can be retracted", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture, "compacted");
  const commit = git(repository, "rev-parse", branch);
  expect(await publish(repository, old[0]!, recent)).toMatchObject({ status: "already-there", commit });
  const changed = { ...old[1]!, host: { ...recent.host, label: "other" } };
  await expect(publish(repository, changed)).rejects.toThrow(
    `the run ${changed.id} is already on the branch with another content, and documents never change: compare ${pack}`,
  );
  const retracted = { task: `retract,${old[1]!.id}`, why: "throttled", database: `${repository}#${branch}` };
  await history.run(history.inputs.parse(retracted), tools());
  expect(await read(repository)).toEqual([old[0], old[2], recent]);
  expect(await verified(repository)).toMatchObject({ runs: 3, retracted: 1, problems: [] });
});

test("what came by another file is the same run when it is packed, too", async () => {
  await using fixture = await createFixture();
  const imported = october(7, { source: { format: "data.json", file: "data.json" } as Run["source"] });
  const repository = await database(fixture);
  await publish(repository, imported);
  await compact(repository);
  const again = { ...imported, source: { ...imported.source, file: "copy/data.json" } as Run["source"] };
  expect(await publish(repository, again as Run)).toMatchObject({ status: "already-there" });
});

test("late runs of a packed month lie in files until a later compact merges them", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture, "compacted");
  const late = october(0);
  let beside: Run[] = [];
  const published = (runs: Run[]) => {
    beside = runs;
    return [];
  };
  const appended = await appendRuns({ repository, branch, runs: [late], beside: { published } }, tools());
  expect(appended).toMatchObject({ status: "appended" });
  expect(beside, "files of an older history are made of packed runs, too").toEqual([late, ...old, recent]);
  expect(filesOn(repository)).toContain(runPath(late));
  expect(await read(repository)).toEqual([late, ...old, recent]);
  const { months } = await compact(repository);
  expect(months).toMatchObject([{ month: "2026-10", runs: 1, proven: { runs: 4 } }]);
  expect(filesOn(repository)).not.toContain(runPath(late));
  expect(await read(repository)).toEqual([late, ...old, recent]);
  expect(await verified(repository)).toMatchObject({ problems: [] });
});

test("a document that would not come back byte for byte stays as it is and is named; one in the pack already goes", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture, "compacted");
  const byHand = october(5);
  const files = {
    [runPath(byHand)]: `${JSON.stringify(byHand, null, "\t")}\n`,
    [runPath(old[0]!)]: serializeRun(old[0]!),
    [runPath(old[1]!)]: `${JSON.stringify(old[1])}\n`,
  };
  commitByHand(repository, branch, files, fixture.getPath("clone"));
  const { left, months } = await compact(repository);
  expect(left.map(({ message }) => message)).toEqual([
    `${runPath(old[1]!)} stays as it is: the pack has the same run in another spelling`,
    `${runPath(byHand)} stays as it is: out of a pack it would not come back byte for byte`,
  ]);
  expect(months).toMatchObject([{ runs: 1, proven: { runs: 3 } }]);
  expect(filesOn(repository).filter((path) => path.startsWith("runs/2026/10"))).toHaveLength(2);
  expect(await read(repository)).toEqual([...old, byHand, recent]);
});

test("a damaged run in a closed month stops it, and nothing is changed", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture);
  commitByHand(repository, branch, { [runPath(old[1]!)]: "{" }, fixture.getPath("clone"));
  const before = git(repository, "rev-parse", branch);
  await expect(compact(repository)).rejects.toThrow(`${runPath(old[1]!)} is not valid JSON`);
  expect(git(repository, "rev-parse", branch)).toBe(before);
});

test("where an index is missing, a publish into that month is refused, and so is a compact of it", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture, "compacted");
  commitByHand(
    repository,
    branch,
    { [index]: null, [runPath(october(8))]: serializeRun(october(8)) },
    fixture.getPath("clone"),
  );
  const before = git(repository, "rev-parse", branch);
  await expect(publish(repository, october(9))).rejects.toThrow(
    `the branch is damaged: it has ${pack}, but no ${index}`,
  );
  await expect(compact(repository)).rejects.toThrow(`- ${index} is missing`);
  expect(git(repository, "rev-parse", branch)).toBe(before);
});

test("where a pack is missing and its index is there, nothing is published under an id that it had", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture, "compacted");
  commitByHand(repository, branch, { [pack]: null }, fixture.getPath("clone"));
  const before = git(repository, "rev-parse", branch);
  for (const run of [october(1, { outcome: "failed" }), october(9)]) {
    await expect(publish(repository, run)).rejects.toThrow(`the branch is damaged: it has ${index}, but no ${pack}`);
  }
  expect(git(repository, "rev-parse", branch)).toBe(before);
});

test("nothing is made where no repository is", async () => {
  await using fixture = await createFixture({ empty: {}, "data/pitwall.json": "{}" });
  await expect(compact(fixture.getPath("no.git"))).rejects.toThrow("does not exist");
  await expect(compact(fixture.getPath("empty"))).rejects.toThrow("is not a git repository");
  for (const data of [fixture.getPath("data"), `folder:${fixture.getPath("data")}`]) {
    await expect(compact(data)).rejects.toThrow(
      `${data} is a folder without git, in which each run keeps its own file`,
    );
  }
  expect(await fixture.readdir("")).toEqual(["data", "empty"]);
  expect(await fixture.readdir("empty")).toEqual([]);
});

test("a publish that lands in the middle of a compact is kept, and the other way round", async () => {
  await using fixture = await createFixture();
  const repository = await database(fixture);
  const late = october(9);
  const base = git(repository, "rev-parse", branch);
  await publish(repository, late);
  const published = git(repository, "rev-parse", branch);
  git(repository, "update-ref", `refs/heads/${branch}`, base);
  // The hook runs between the server's look at the branch and its update: another writer, exactly then, once.
  const landing = (commit: string) =>
    installHook(
      repository,
      "update",
      `[ -e won-${commit} ] && exit 0; touch won-${commit}; git update-ref refs/heads/${branch} ${commit}`,
    );
  landing(published);
  expect(await compact(repository)).toMatchObject({ attempts: 2, months: [{ runs: 4 }] });
  expect(git(repository, "rev-parse", `${branch}^`)).toBe(published);
  expect(await read(repository)).toEqual([...old, late, recent]);

  const compacted = git(repository, "rev-parse", branch);
  git(repository, "update-ref", `refs/heads/${branch}`, base);
  landing(compacted);
  const [own, packedMeanwhile] = [october(11), late];
  expect(await publish(repository, own, packedMeanwhile)).toMatchObject({
    attempts: 2,
    added: [own.id],
    already: [late.id],
  });
  expect(await read(repository)).toEqual([...old, late, own, recent]);
  expect(await verified(repository)).toMatchObject({ problems: [] });
});

test("of writers that publish and compact at once, nothing is lost and nothing is there twice", async () => {
  const late = [october(11), october(12), runNumber(13)];
  await using fixture = await createFixture();
  const repository = await database(fixture);
  // Turns are taken at a name; another name for the same place makes another machine of it.
  await symlink(repository, fixture.getPath("elsewhere.git"));
  const compacting = ["compact", "--database", "elsewhere.git", "--before", "2026-11"];
  const [process] = await Promise.all([
    pitwall(compacting, fixture.path, isolated),
    compact(repository),
    ...late.map((run, i) => publish(i === 0 ? repository : fixture.getPath("elsewhere.git"), run)),
  ]);
  expect(process).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/all equal|nothing to pack/) });
  const { runs, packed, problems } = await readContent(`${repository}#${branch}`, { env });
  expect(runs).toEqual([...old, ...late.slice(0, 2), recent, late[2]]);
  expect(packed.length).toBeGreaterThanOrEqual(3);
  expect(problems).toEqual([]);
  const first = git(repository, "rev-list", "--max-parents=0", branch);
  expect((await verifyDatabase(`${repository}#${branch}`, { env }, first)).problems).toEqual([]);
  git(repository, "fsck", "--strict");
});
