import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { appendRuns } from "../../src/database/append.ts";
import { readContent } from "../../src/database/read/read.ts";
import { bisect } from "../../src/verbs/bisect/bisect.ts";
import { startPitwall } from "../support/cli.ts";
import { git, isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { sampleRun } from "../support/run-document.ts";

const env = { ...process.env, ...isolated };
const BRANCH = "pitwall-data";
/** Coefficients of an engine whose step takes so long, in milliseconds. */
const timing = (overhead: number) =>
  JSON.stringify({ overhead, weights: 0, perToken: 0, perContextToken: 0, perSequence: 0 });
const CELL = "latency-sweep/in_8_out_4_bs_1";

let fixture: FsFixture;
let repository: string;
let commits: string[];
/** The tenth commit after the first takes four times as long; the sixth has no engine at all. */
const CULPRIT = 10;
const BROKEN = 6;

beforeAll(async () => {
  fixture = await createFixture({ "engine/docs/.keep": "", "builds/.keep": "" });
  repository = fixture.getPath("engine");
  git(repository, "init", "--quiet", "--initial-branch=main");
  const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];
  for (let index = 0; index <= 15; index++) {
    const isDocs = index % 4 === 3;
    if (isDocs) await fixture.writeFile(`engine/docs/page-${index}.md`, "words");
    else await fixture.writeFile("engine/timing.json", `${timing(index < CULPRIT ? 4 : 16)}${" ".repeat(index)}`);
    if (index === BROKEN) git(repository, "rm", "--quiet", "--cached", "timing.json");
    else git(repository, "add", ".");
    git(repository, ...identity, "commit", "--quiet", "-m", `Commit ${index}`);
  }
  commits = git(repository, "rev-list", "--reverse", "main").split("\n");
});
afterAll(() => fixture.rm());

const given = (output: string) => ({
  repository,
  good: commits[0],
  bad: "main",
  build: `sh -c 'git show {commit}:timing.json > ${fixture.getPath("builds")}/{commit}.json'`,
  engineArgs: `--timing ${fixture.getPath("builds")}/{commit}.json`,
  ...{ cell: CELL, metric: "latency_s" },
  ...{ benchmarks: "latency-sweep", batchSizes: "1-2", inputLen: 8, outputLen: 4, warmup: 0, iterations: 2 },
  ...{ quietWait: 0, clientLimits: "off", pollInterval: 0.05, output: fixture.getPath(output) },
});

const ask = (more: Record<string, unknown>, tools = recordingTools({ env })) =>
  bisect.run(bisect.inputs.parse({ ...given("out"), ...more }), tools);

const kebab = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const flags = (inputs: Record<string, unknown>) =>
  Object.entries(inputs).flatMap(([key, value]) => [`--${kebab(key)}`, String(value)]);

async function blocksIn(output: string): Promise<number> {
  const file = fixture.getPath(`${output}/bisect.json`);
  return existsSync(file) ? JSON.parse(await readFile(file, "utf8")).blocks.length : 0;
}

describe("a search that is killed half-way", () => {
  let database: string;
  beforeAll(async () => {
    database = `${fixture.getPath("database.git")}#${BRANCH}`;
    const home = { repository: fixture.getPath("database.git"), branch: BRANCH };
    await appendRuns({ ...home, runs: [sampleRun] }, recordingTools({ env }));
  });

  test("goes on where it was, finds the commit, and puts the search on the data branch", {
    timeout: 180_000,
  }, async () => {
    const inputs = { ...given("killed"), database };
    const { child, ended } = startPitwall(["bisect", ...flags(inputs)], fixture.path, isolated);
    while ((await blocksIn("killed")) < 2 && child.exitCode === null) await sleep(20);
    child.kill("SIGKILL");
    await ended;
    const before = await blocksIn("killed");
    expect(before).toBeGreaterThanOrEqual(2);

    const { ok, outputs, text, summary } = await ask(inputs);
    expect({ ok, result: outputs.result, culprit: outputs.culprit, published: outputs.published }).toEqual({
      ...{ ok: true, result: "culprit", culprit: commits[CULPRIT], published: true },
    });
    expect(outputs.blocks as number).toBeGreaterThan(before);
    expect(text).toContain(`culprit: ${commits[CULPRIT]!.slice(0, 10)} “Commit ${CULPRIT}” raised latency_s: +`);
    expect(summary!.source).toContain(`“Commit ${CULPRIT}” raised latency`);
    const { records, problems } = await readContent(database, { env });
    expect(problems).toEqual([]);
    expect(records.bisect.map(({ result }) => result?.end)).toContain("culprit");
    expect(new Set(records.bisect.map(({ id }) => id)).size).toBe(1);
    const [first] = await fixture.readdir("killed/blocks/1");
    const document = JSON.parse(await readFile(fixture.getPath(`killed/blocks/1/${first}/run.json`), "utf8"));
    expect(document.trigger).toMatchObject({ commit: commits[0], subject: "Commit 0" });

    const again = await ask(inputs);
    expect([again.outputs.result, again.outputs.blocks]).toEqual(["culprit", outputs.blocks]);
  });
});

describe("before anything is measured it refuses", () => {
  test.each<[string, () => Record<string, unknown>, RegExp]>([
    ["a commit that is not there", () => ({ good: "0123456789" }), /--good 0123456789: .* has no such commit/],
    ["the same commit twice", () => ({ bad: commits[0] }), /are the same commit/],
    ["ends the wrong way round", () => ({ good: "main", bad: commits[0] }), /exchange them/],
    ["no ends", () => ({ good: undefined, bad: undefined }), /name the two ends with --good REF and --bad REF/],
    ["no cell", () => ({ cell: undefined }), /say what changed: --cell ID and --metric NAME/],
    ["an unknown metric", () => ({ metric: "latency" }), /is no metric; did you mean “latency_s”/],
    [
      "a cell that its flags do not plan",
      () => ({ cell: "latency-sweep/in_9_out_4_bs_1" }),
      /is not what would be measured/,
    ],
    ["builds that are all the same", () => ({ engineArgs: "--noise 0" }), /put \{commit\} into --image, --program or/],
    ["a folder without git", () => ({ repository: fixture.getPath("builds") }), /belongs to no git repository/],
    ["half an alarm", () => ({ run: sampleRun.id }), /give --run ID and --series/],
    [
      "one version alone",
      () => ({ versions: "1.0", good: undefined, bad: undefined, engineArgs: "--seed {version}" }),
      /two or more/,
    ],
  ])("%s", async (_, more, message) => {
    await expect(ask(more())).rejects.toThrow(message);
    expect(existsSync(fixture.getPath("out"))).toBe(false);
  });

  test("no budget at all", () => {
    expect(bisect.inputs.safeParse({ maxBlocks: 0 }).success).toBe(false);
  });

  test("a repository with changes that are not committed", async () => {
    const { output } = given("dirty");
    await fixture.writeFile("engine/docs/page-3.md", "other words");
    await expect(ask({ output })).rejects.toThrow(/not committed.*git stash/s);
    git(repository, "checkout", "--quiet", "docs/page-3.md");
  });

  test("a shallow clone, which hides commits", async () => {
    git(fixture.path, "clone", "--quiet", "--depth", "3", `file://${repository}`, "shallow");
    const shallow = fixture.getPath("shallow");
    await expect(ask({ repository: shallow, good: "main~2" })).rejects.toThrow(/fetch --unshallow/);
  });

  test("a good end on a side branch, naming where that began", async () => {
    const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];
    const clone = fixture.getPath("merged");
    git(fixture.path, "clone", "--quiet", repository, "merged");
    git(clone, "checkout", "--quiet", "-b", "side", commits[3]!);
    git(clone, ...identity, "commit", "--quiet", "--allow-empty", "-m", "Aside");
    git(clone, "checkout", "--quiet", "main");
    git(clone, ...identity, "merge", "--quiet", "--no-ff", "-m", "Merge side", "side");
    await expect(ask({ repository: clone, good: "side" })).rejects.toThrow(/not on its line of first parents/);
  });
});

test("a build that fails at an end names its log", async () => {
  const failing = { build: "sh -c 'echo no compiler; exit 3'", output: fixture.getPath("failing") };
  await expect(ask(failing)).rejects.toThrow(
    /the good end, .* cannot be measured: the build command ended with exit code 3, see .*: no compiler/,
  );
});

test("another search does not go on in the same folder", async () => {
  const { output } = given("killed");
  await expect(ask({ output, bad: commits[13] })).rejects.toThrow(/holds another search.*--clean/);
});
