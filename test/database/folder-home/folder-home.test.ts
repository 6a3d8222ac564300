import { execFileSync, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readdirSync, utimesSync } from "node:fs";
import { dirname } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendRuns } from "../../../src/database/append.ts";
import { serializeRun } from "../../../src/database/document/document.ts";
import { exportBranch, readContent, readDatabase } from "../../../src/database/read/read.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { startProcess } from "../../../src/machine/process.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { history } from "../../../src/verbs/history/history.ts";
import { publish } from "../../../src/verbs/publish/publish.ts";
import { verify } from "../../../src/verbs/verify/verify.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { packOf } from "../pack/packs.ts";
import { runNumber, simulatedRun } from "../runs.ts";

const MARKER = '{"schema":"pitwall.database/1","holds":"real"}\n';
const branch = "pitwall-data";

let fixture: FsFixture;
let root: string;
let repository: string;
beforeEach(async () => {
  fixture = await createFixture({ data: {} });
  root = fixture.getPath("data");
  repository = `folder:${root}`;
});
afterEach(() => fixture.rm());

const fill = (runs: Run[], tools = recordingTools()) => appendRuns({ repository, branch, runs }, tools);
const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(folder.length + 1))
    .toSorted();
const ask = (given: Record<string, unknown>) =>
  history.run(history.inputs.parse({ database: repository, why: "throttled", ...given }), recordingTools());

test("publish, history, retract, rename, verify and export work on a folder as on a branch", async () => {
  await fixture.writeFile("run.json", serializeRun(runNumber(1)));
  const tools = recordingTools();
  const inputs = publish.inputs.parse({ database: repository, run: [fixture.getPath("run.json")], legacyFiles: true });
  const { outputs } = await publish.run(inputs, tools);
  expect(outputs).toMatchObject({ commit: null, published: true, runIds: [runNumber(1).id] });
  expect(tools.said).toEqual([
    `info: ${repository} was empty: a new history begins there`,
    `info: run ${runNumber(1).id} published to ${repository}`,
  ]);
  expect((await publish.run(inputs, recordingTools())).outputs.published).toBe(false);
  expect(filesIn(root).slice(0, 5)).toEqual([
    "README.md",
    "data.json",
    "e2e_benchmark_data.json",
    "max_concurrency_benchmark_data.json",
    "pitwall.json",
  ]);
  await fill([runNumber(2), runNumber(3)]);
  await ask({ task: ["retract", runNumber(2).id] });
  await expect(ask({ task: ["retract", runNumber(4).id] })).rejects.toThrow(
    `${runNumber(4).id}: no such run in folder:`,
  );
  await expect(ask({ task: ["retract", runNumber(2).id] })).rejects.toThrow("was already retracted");
  expect((await ask({ task: ["rename", "host", "h100-1", "rack-5"] })).text).toContain(`, on ${repository}`);
  const { runs, problems } = await readContent(repository);
  expect({ problems, runs: runs.map(({ id, host }) => [id, host.label]) }).toEqual({
    problems: [],
    runs: [runNumber(1), runNumber(3)].map(({ id }) => [id, "rack-5"]),
  });
  expect((await readDatabase(root)).runs, "by its plain path, too").toEqual(runs);
  const verified = await verify.run(verify.inputs.parse({ database: repository }), recordingTools());
  expect(verified.ok).toBe(true);
  await fixture.writeFile("data/.pending/left", "{");
  await exportBranch(repository, fixture.getPath("copy"));
  expect(filesIn(fixture.getPath("copy"))).toEqual(filesIn(root).filter((name) => name !== ".pending/left"));
});

test("a run that leaves leaves the files of the older history, too", async () => {
  const inputs = async (run: Run) => {
    await fixture.writeFile("run.json", serializeRun(run));
    return publish.inputs.parse({ database: repository, run: [fixture.getPath("run.json")], legacyFiles: true });
  };
  for (const number of [1, 2]) await publish.run(await inputs(runNumber(number)), recordingTools());
  await ask({ task: ["retract", runNumber(1).id] });
  const times = async () =>
    JSON.parse(await fixture.readFile("data/data.json", "utf8")).map(
      ({ timestamp }: { timestamp: string }) => timestamp,
    );
  expect(await times()).toEqual([runNumber(2).startedAt]);
  await fixture.rm("data/data.json");
  const tools = recordingTools();
  await publish.run(await inputs(runNumber(2)), tools);
  expect(tools.said).toEqual([`info: run ${runNumber(2).id} already there, on ${repository}; renewed data.json`]);
  expect(await times()).toEqual([runNumber(2).startedAt]);
});

test("several that publish at once leave files of the older history with all of their runs", async () => {
  const numbers = [1, 2, 3, 4, 5];
  const publishing = numbers.map(async (number) => {
    await fixture.writeFile(`${number}.json`, serializeRun(runNumber(number)));
    const given = { database: repository, run: [fixture.getPath(`${number}.json`)], legacyFiles: true };
    await publish.run(publish.inputs.parse(given), recordingTools());
  });
  await Promise.all(publishing);
  expect(JSON.parse(await fixture.readFile("data/data.json", "utf8"))).toHaveLength(numbers.length);
  expect(readdirSync(`${root}/.pending`)).toEqual([]);
});

test("a document never changes: the same again is there already, another content is refused", async () => {
  await fill([runNumber(1)]);
  const other = fill([runNumber(2), runNumber(1, { outcome: "failed" })]);
  await expect(other).rejects.toThrow(`the run ${runNumber(1).id} is already on the branch with another content`);
  expect((await readDatabase(root)).runs).toEqual([runNumber(1)]);
  const again = await fill([runNumber(1), runNumber(2)]);
  expect(again).toMatchObject({ status: "appended", added: [runNumber(2).id], already: [runNumber(1).id] });
});

test("a run in a pack keeps its content, and half a pack is named", async () => {
  const packed = await packOf([runNumber(1)]);
  for (const [path, content] of Object.entries({ "pitwall.json": MARKER, ...packed })) {
    await fixture.mkdir(dirname(`data/${path}`));
    await fixture.writeFile(`data/${path}`, content);
  }
  const other = runNumber(1, { outcome: "failed" });
  const [pack, index] = Object.keys(packed);
  await expect(fill([other])).rejects.toThrow(`compare ${pack} there with yours`);
  await fixture.rm(`data/${index}`);
  await expect(fill([other])).rejects.toThrow(`the folder is damaged: it has ${pack}, but no ${index}`);
  await fixture.rm(`data/${pack}`);
  await fixture.writeFile(`data/${index}`, packed[index!]!);
  await expect(fill([runNumber(2)])).rejects.toThrow(`the folder is damaged: it has ${index}, but no ${pack}`);
});

test("a cancelled publish says that it may be repeated", async () => {
  const publishing = fill([runNumber(1)], recordingTools({ signal: AbortSignal.abort() }));
  await expect(publishing).rejects.toThrow("cancelled before all documents were there; publishing them again is safe");
  expect(filesIn(root)).toEqual([]);
});

test("simulated runs do not join real ones unasked, and real ones that join them are remembered", async () => {
  await fill([simulatedRun(1)]);
  const tools = recordingTools();
  await fill([runNumber(2)], tools);
  expect(tools.said).toEqual([expect.stringContaining("held only simulated runs until now")]);
  expect(await fixture.readFile("data/pitwall.json", "utf8")).toBe(MARKER);
  await expect(fill([simulatedRun(3)])).rejects.toThrow("is simulated");
});

test.each<[string, (given: FsFixture) => Promise<unknown>, string]>([
  ["is not there", (given) => given.rm("data"), "does not exist: make the folder first"],
  ["is a file", async (given) => [await given.rm("data"), await given.writeFile("data", "")], "is not a folder"],
  ["holds other files", (given) => given.writeFile("data/thesis.tex", ""), "holds other files and no pitwall.json"],
  ["is a git repository", (given) => given.mkdir("data/.git"), "holds other files and no pitwall.json"],
  [
    "is damaged",
    (given) => given.writeFile("data/pitwall.json", "{"),
    "is damaged; nothing was published. pitwall.json",
  ],
])("a folder that %s is named, and left as it is", async (_, prepare, message) => {
  await prepare(fixture);
  const before = filesIn(fixture.path);
  await expect(fill([runNumber(1)])).rejects.toThrow(message);
  expect(filesIn(fixture.path)).toEqual(before);
});

test("what killed writers left is read by nobody, and removed after a day", async () => {
  await fill([runNumber(1)]);
  for (const name of ["old", "new"]) await fixture.writeFile(`data/.pending/${name}`, '{"schema":');
  const long = new Date(Date.now() - 90_000_000);
  utimesSync(`${root}/.pending/old`, long, long);
  await fill([runNumber(2)]);
  expect((await readDatabase(repository)).runs).toHaveLength(2);
  expect(readdirSync(`${root}/.pending`)).toEqual(["new"]);
});

const WRITERS = 4;
const DOCUMENTS = 20;
/** More than it can write before it is killed, however busy the machine is. */
const DOCUMENTS_OF_KILLED = 10_000;

/** @returns the ids of which a writer said that they are there */
async function write(first: number, killAfter?: number): Promise<string[]> {
  const count = killAfter === undefined ? DOCUMENTS : DOCUMENTS_OF_KILLED;
  const args = ["test/support/run-writer.ts", repository, String(first), String(count)];
  const env = { ...process.env, NODE_NO_WARNINGS: "1" };
  const child = startProcess(process.execPath, args, { env, stdio: ["ignore", "pipe", "inherit"] });
  const exited = once(child, "exit");
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(line);
    if (lines.length === killAfter) void setTimeout(Math.random() * 10).then(() => child.kill("SIGKILL"));
  }
  const [code, signal] = await exited;
  expect(signal ?? code).toBe(killAfter === undefined ? 0 : "SIGKILL");
  return lines.filter((line) => line !== "");
}

test("processes that write at once, some of them the same documents and some of them killed, lose nothing", async () => {
  const told = await Promise.all(
    Array.from({ length: WRITERS }, (_, index) => write(Math.floor(index / 2) * 20_000, index === 0 ? 4 : undefined)),
  );
  const { runs, problems } = await readContent(repository);
  expect(problems).toEqual([]);
  const whole = [20_000, 0].flatMap((first) => Array.from({ length: DOCUMENTS }, (_, i) => runNumber(first + i).id));
  const stored = new Set(runs.map(({ id }) => id));
  expect([...whole, ...told.flat()].filter((id) => !stored.has(id))).toEqual([]);
  expect(told.flat().toSorted(), "each was added once").toEqual([...new Set(told.flat())].toSorted());
});

const ofMyOwn = spawnSync("unshare", ["-rm", "true"]).status === 0;

describe.skipIf(!ofMyOwn)("a disk", () => {
  test("that is full, or can only be read, is named, and nothing half-written is left", async () => {
    for (const number of [1, 2]) await fixture.writeFile(`${number}.json`, serializeRun(runNumber(number)));
    const publishing = (number: number) =>
      `"$NODE" src/cli/main.ts publish --database "folder:$DATA" --run ${number}.json`;
    const script = `
      mount -t tmpfs -o size=64k tmpfs "$DATA"
      cd "$FIXTURE"; ${publishing(1)}
      dd if=/dev/zero of="$DATA/.filled" bs=1k 2>/dev/null
      ${publishing(2)}; echo "full: $?"
      rm "$DATA/.filled"; mount -o remount,ro "$DATA"
      ${publishing(2)}; echo "read-only: $?"
      find "$DATA" -type f`.replaceAll("src/cli", `${process.cwd()}/src/cli`);
    const env = { ...process.env, NODE: process.execPath, DATA: root, FIXTURE: fixture.path, NODE_NO_WARNINGS: "1" };
    const said = execFileSync("unshare", ["-rm", "sh", "-c", `exec 2>&1; ${script}`], { env, encoding: "utf8" });
    expect(said).toMatch(/no space is left for the folder .*; free some, and try again[\s\S]*full: 1/);
    expect(said).toMatch(/no write access to the folder .*: let this user write there[\s\S]*read-only: 1/);
    const files = said.slice(said.indexOf("read-only: 1")).split("\n").slice(1, -1);
    expect(files.map((path) => path.slice(root.length + 1)).toSorted()).toEqual(
      ["README.md", "pitwall.json", runPath(runNumber(1))].toSorted(),
    );
  });
});
