import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { readDatabase } from "../../../src/database/read/read.ts";
import { verifyDatabase } from "../../../src/database/read/verify.ts";
import { runPath } from "../../../src/database/records/run.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { publish } from "../../../src/verbs/publish/publish.ts";
import { runNumber } from "../../database/runs.ts";
import { commitByHand, filesOn, git, installHook, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const env = { ...process.env, ...isolated };
const branch = "pitwall-data";

/** A run of its own that began in a month so many months ago. */
function monthsAgo(months: number, number: number): Run {
  const day = new Date();
  const begin = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() - months, 1, 6, 0, number));
  const startedAt = begin.toISOString().replace(".000", "");
  const id = `${startedAt.replaceAll(/[-:]/g, "")}-${number.toString(16).padStart(8, "0")}`;
  return runNumber(number, { id, startedAt, finishedAt: startedAt });
}
const monthOf = ({ startedAt }: Run) => startedAt.slice(0, 7);
const old = [monthsAgo(9, 1), monthsAgo(8, 2), monthsAgo(8, 3)];
const months = [...new Set(old.map(monthOf))];
const now = [4, 5, 6].map((number) => monthsAgo(0, number));

let template: FsFixture;
beforeAll(async () => {
  template = await createFixture();
  await appendRuns({ repository: template.getPath("loose.git"), branch, runs: old }, recordingTools({ env }));
});
afterAll(() => template.rm());

/** A branch with the old runs in files. */
async function place() {
  const fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await cp(template.getPath("loose.git"), repository, { recursive: true });
  return { fixture, repository, [Symbol.asyncDispose]: () => fixture.rm() };
}

async function publishing(fixture: FsFixture, repository: string, run: Run, compact = true) {
  const [file, trace] = [fixture.getPath(`${run.id}.json`), fixture.getPath(`trace of ${run.id}`)];
  await writeFile(file, serializeRun(run));
  const tools = recordingTools({ env: { ...env, GIT_TRACE: trace } });
  const { outputs } = await publish.run(publish.inputs.parse({ database: repository, run: [file], compact }), tools);
  const fetches = (await readFile(trace, "utf8").catch(() => "")).match(/built-in: git upload-pack/g)?.length;
  return Object.assign(outputs, { said: tools.said, fetches });
}
const runsOn = async (repository: string) => (await readDatabase(`${repository}#${branch}`, { env })).runs;
const looseOn = (repository: string) => filesOn(repository).filter((path) => path.startsWith("runs/"));
const tipOf = (repository: string) => git(repository, "rev-parse", branch);

test("publish --compact packs the closed months once, says so in a line, and then asks for nothing more than any publish", async () => {
  await using given = await place();
  const { fixture, repository } = given;
  const first = await publishing(fixture, repository, now[0]!);
  expect(first).toMatchObject({ published: true, packedMonths: months });
  expect(first.said).toEqual([
    expect.stringMatching(/^info: run \S+ published to pitwall-data of \S+ as commit [0-9a-f]{10}$/),
    `info: packed 3 runs of ${months.join(", ")} as commit ${tipOf(repository).slice(0, 10)}`,
  ]);
  expect(git(repository, "rev-parse", `${branch}^`)).toBe(first.commit);
  expect(looseOn(repository)).toEqual([runPath(now[0]!)]);
  const { fetches } = await publishing(fixture, repository, now[1]!, false);
  expect(await publishing(fixture, repository, now[2]!)).toMatchObject({ packedMonths: [], fetches });
  expect(await runsOn(repository)).toEqual([...old, ...now]);
  expect((await verifyDatabase(`${repository}#${branch}`, { env }, `${branch}~3`)).problems).toEqual([]);
});

test("a run that comes late to a packed month waits for the next month that closes", async () => {
  await using given = await place();
  const { fixture, repository } = given;
  await publishing(fixture, repository, old[0]!);
  const late = monthsAgo(8, 7);
  expect(await publishing(fixture, repository, late)).toMatchObject({ published: true, packedMonths: [] });
  const closing = monthsAgo(7, 8);
  const packedMonths = [late, closing].map(monthOf);
  expect(await publishing(fixture, repository, closing)).toMatchObject({ published: true, packedMonths });
  expect(await runsOn(repository)).toEqual([...old, late, closing]);
});

test("a document that cannot be packed is named when its month closes, and no later publish fetches that month again", async () => {
  await using given = await place();
  const { fixture, repository } = given;
  const byHand = `${JSON.stringify(monthsAgo(8, 8), null, "\t")}\n`;
  commitByHand(repository, branch, { [runPath(monthsAgo(8, 8))]: byHand }, fixture.getPath("clone"));
  const { packedMonths, said } = await publishing(fixture, repository, now[0]!);
  expect(packedMonths).toEqual(months);
  expect(said[1]).toMatch(/^warning: runs\/\S+ stays as it is: out of a pack it would not come back byte for byte$/);
  const { fetches } = await publishing(fixture, repository, now[1]!, false);
  const later = await publishing(fixture, repository, now[2]!);
  expect(later).toMatchObject({ packedMonths: [], fetches, said: [expect.stringContaining("published to")] });
});

test("packing that fails leaves the publish as it is, and says what to do", async () => {
  await using given = await place();
  const { fixture, repository } = given;
  installHook(repository, "pre-receive", `[ -e once ] && { echo "the disk is full" >&2; exit 1; }; touch once`);
  const { published, packedMonths, commit, said } = await publishing(fixture, repository, now[0]!);
  expect({ published, packedMonths }).toEqual({ published: true, packedMonths: [] });
  expect(tipOf(repository)).toBe(commit);
  expect(said[1]).toMatch(/^warning: closed months were not packed: [\s\S]*the disk is full/);
  expect(said[1]).toContain(
    "The runs are published and nothing is lost; the next publish with --compact tries again, and so does: " +
      `pitwall compact --database ${repository} --branch ${branch}`,
  );
  installHook(repository, "pre-receive", "exit 0");
  expect(await publishing(fixture, repository, now[0]!)).toMatchObject({ published: false, packedMonths: months });
  commitByHand(repository, branch, { [runPath(monthsAgo(7, 9))]: "{" }, fixture.getPath("clone"));
  const damaged = await publishing(fixture, repository, now[1]!);
  expect(damaged).toMatchObject({ published: true, packedMonths: [] });
  expect(damaged.said[1]).toContain("verify says more:\n- runs/");
});

test("a folder without git is published to, and it is said that nothing is packed there", async () => {
  await using fixture = await createFixture({ data: {} });
  const { published, packedMonths, said } = await publishing(fixture, `folder:${fixture.getPath("data")}`, old[0]!);
  expect({ published, packedMonths }).toEqual({ published: true, packedMonths: [] });
  expect(said.at(-1)).toMatch(/^warning: folder:\S+ is a folder without git, .*: --compact does nothing there$/);
});

test("of jobs that publish and pack at once, none loses a run and each month is packed once", async () => {
  await using given = await place();
  const { fixture, repository } = given;
  // Turns are taken at a name; another name for the same place makes another machine of it.
  const names = [repository, ...["b.git", "c.git"].map((name) => fixture.getPath(name))];
  for (const name of names.slice(1)) await symlink(repository, name);
  const runs = names.map((_, i) => monthsAgo(0, 10 + i));
  const ended = await Promise.all(names.map((name, i) => publishing(fixture, name, runs[i]!)));
  expect(ended.map(({ published }) => published)).toEqual([true, true, true]);
  expect(ended.flatMap(({ packedMonths }) => packedMonths)).toEqual(months);
  expect(await runsOn(repository)).toEqual([...old, ...runs]);
  expect((await verifyDatabase(`${repository}#${branch}`, { env })).problems).toEqual([]);
  expect(looseOn(repository)).toEqual(runs.map(runPath));
});
