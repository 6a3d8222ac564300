import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { blobId } from "../../../src/database/git-home/plumbing/commit.ts";
import { readContent } from "../../../src/database/read/read.ts";
import { exportLatencies, exportServing } from "../../../src/formats/seed/export.ts";
import { renewedLegacyFiles } from "../../../src/formats/seed/legacy-files.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { history } from "../../../src/verbs/history/history.ts";
import { publish } from "../../../src/verbs/publish/publish.ts";
import { runNumber, simulatedRun } from "../../database/runs.ts";
import { pair } from "../../report/histories.ts";
import { commitByHand, git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const env = { ...process.env, ...isolated };

async function publishing(folder: Awaited<ReturnType<typeof createFixture>>, run: Run, legacyFiles: boolean) {
  await folder.writeFile("run.json", serializeRun(run));
  const repository = folder.getPath("database.git");
  const inputs = publish.inputs.parse({ run: [folder.getPath("run.json")], database: repository, legacyFiles });
  const tools = recordingTools({ env });
  return { ...(await publish.run(inputs, tools)), said: tools.said };
}

const show = (folder: { getPath(path: string): string }, file: string) =>
  git(folder.getPath("database.git"), "show", `pitwall-data:${file}`);

const timestamps = (text: string) => JSON.parse(text).map(({ timestamp }: { timestamp: string }) => timestamp);

test("the files of the older history are rebuilt in the commit of each run, from every run of that machine", async () => {
  await using folder = await createFixture();
  await publishing(folder, runNumber(1), false);
  expect(() => show(folder, "data.json")).toThrow();
  await publishing(folder, runNumber(3), true);
  await publishing(folder, runNumber(2), true);
  const repository = folder.getPath("database.git");
  expect(timestamps(show(folder, "data.json"))).toEqual([1, 2, 3].map((number) => runNumber(number).startedAt));
  expect(show(folder, "e2e_benchmark_data.json")).toBe("{}");
  expect(git(repository, "rev-list", "--count", "pitwall-data")).toBe("3");
  const { runs, problems } = await readContent(repository, { env });
  expect({ runs: runs.length, problems }).toEqual({ runs: 3, problems: [] });
});

test("numbers of another machine replace them instead of joining them", async () => {
  await using folder = await createFixture();
  const elsewhere = runNumber(2, { host: { ...sampleRun.host, label: "other" } });
  await publishing(folder, runNumber(1), true);
  await publishing(folder, elsewhere, true);
  expect(timestamps(show(folder, "data.json"))).toEqual([elsewhere.startedAt]);
});

test("simulated numbers, which these files cannot mark, never take the place of real ones", async () => {
  await using folder = await createFixture();
  await publishing(folder, runNumber(1), true);
  const repository = folder.getPath("database.git");
  await folder.writeFile("run.json", serializeRun(simulatedRun(2)));
  const inputs = { run: [folder.getPath("run.json")], database: repository, legacyFiles: true, allowSimulated: true };
  await publish.run(publish.inputs.parse(inputs), recordingTools({ env }));
  expect(timestamps(show(folder, "data.json"))).toEqual([runNumber(1).startedAt]);
});

test("publishing what is there already makes them, or makes stale ones anew, in a commit of their own", async () => {
  await using folder = await createFixture();
  const database = folder.getPath("database.git");
  for (const number of [1, 2]) await publishing(folder, runNumber(number), false);
  const again = await publishing(folder, runNumber(2), true);
  expect(again.outputs).toMatchObject({ published: false, commit: git(database, "rev-parse", "pitwall-data") });
  expect(again.said).toEqual([
    `info: run ${runNumber(2).id} already there, on pitwall-data of ${database}; renewed data.json, ` +
      "e2e_benchmark_data.json, max_concurrency_benchmark_data.json",
  ]);
  const made = show(folder, "data.json");
  expect(timestamps(made)).toHaveLength(2);
  commitByHand(database, "pitwall-data", { "data.json": "[1]" }, folder.getPath("clone"));
  await publishing(folder, runNumber(1), true);
  expect(show(folder, "data.json")).toBe(made);
  expect(git(database, "log", "-1", "--format=%s", "pitwall-data")).toBe("Renew data.json");
  const tip = git(database, "rev-parse", "pitwall-data");
  const { outputs, said } = await publishing(folder, runNumber(1), true);
  expect(outputs.commit, "nothing differs").toBe(tip);
  expect(said).toEqual([expect.stringMatching(/already there, on pitwall-data of [^;]+$/)]);
});

test("a run that a file cannot hold is published without it, and a warning says so", async () => {
  await using folder = await createFixture();
  const [cell] = runNumber(1).cells;
  const longer = { ...cell!, id: "latency-sweep/in_9_out_9_bs_1", params: { batchSize: 1, inputLen: 9, outputLen: 9 } };
  const tools = recordingTools({ env });
  await folder.writeFile("run.json", serializeRun(runNumber(1, { cells: [cell!, longer] })));
  const given = { run: [folder.getPath("run.json")], database: folder.getPath("database.git"), legacyFiles: true };
  expect((await publish.run(publish.inputs.parse(given), tools)).outputs).toMatchObject({ published: true });
  expect(tools.said.join("\n")).toMatch(/data\.json is left as it was: .* twice/);
  expect(() => show(folder, "data.json")).toThrow();
});

test("two writers at once leave files that hold both runs", async () => {
  await using folder = await createFixture();
  await publishing(folder, runNumber(1), true);
  const [left, right] = await Promise.all([createFixture(), createFixture()]);
  const repository = folder.getPath("database.git");
  const from = async (place: typeof left, run: Run) => {
    await place.writeFile("run.json", serializeRun(run));
    const inputs = publish.inputs.parse({ run: [place.getPath("run.json")], database: repository, legacyFiles: true });
    await publish.run(inputs, recordingTools({ env }));
    await place.rm();
  };
  await Promise.all([from(left, runNumber(2)), from(right, runNumber(3))]);
  expect(timestamps(show(folder, "data.json"))).toHaveLength(3);
});

test("a retracted run leaves them in the commit that retracts it, and a renamed machine keeps them", async () => {
  await using folder = await createFixture();
  const database = folder.getPath("database.git");
  const change = (task: string[]) =>
    history.run(history.inputs.parse({ database, task, why: "throttled" }), recordingTools({ env }));
  const elsewhere = runNumber(4, { host: { ...sampleRun.host, label: "other" } });
  await publishing(folder, elsewhere, false);
  for (const number of [1, 2]) await publishing(folder, runNumber(number), true);
  await change(["retract", runNumber(2).id]);
  expect(timestamps(show(folder, "data.json"))).toEqual([runNumber(1).startedAt]);
  await change(["rename", "host", "other", "h100-1"]);
  expect(timestamps(show(folder, "data.json"))).toEqual([runNumber(1).startedAt, elsewhere.startedAt]);
  await publishing(folder, runNumber(5, { host: { ...sampleRun.host, label: "other" } }), true);
  expect(timestamps(show(folder, "data.json")), "a new run under the old name joins").toHaveLength(3);
  await change(["retract", runNumber(1).id, elsewhere.id, runNumber(5).id]);
  expect(show(folder, "data.json")).toBe("[]");
  expect(git(database, "rev-list", "--count", "pitwall-data"), "no commit of their own").toBe("7");
});

test("of two machines that gave one of the files, the one that gave the others too has them renewed", () => {
  const serving = (label: string, cells: Run["cells"]) =>
    runNumber(1, { id: `20261102T064501Z-${label}`, host: { ...sampleRun.host, label }, cells });
  const [latency] = runNumber(1).cells;
  const rate = pair(300, { requestRate: 2 }, { request_throughput_req_s: 2 });
  const poor = serving("0000000a", [latency!]);
  const rich = serving("0000000b", [latency!, rate]);
  const there = [
    { path: "data.json", blob: blobId(exportLatencies([poor])) },
    { path: "e2e_benchmark_data.json", blob: blobId(exportServing([rich])) },
  ];
  const warnings: string[] = [];
  const renewed = renewedLegacyFiles({ warning: (text) => void warnings.push(text) });
  const files = renewed!({ before: [poor, rich], after: [rich], there });
  expect(warnings).toEqual([]);
  expect(files.map(({ path }) => path)).toEqual(["data.json", "e2e_benchmark_data.json"]);
  expect(files[1]!.text).toBe(exportServing([rich]));
});

test("a file that no machine's runs give is left as it was, with a warning", async () => {
  await using folder = await createFixture();
  const database = folder.getPath("database.git");
  await publishing(folder, runNumber(1), true);
  commitByHand(database, "pitwall-data", { "data.json": "[1]" }, folder.getPath("clone"));
  const tools = recordingTools({ env });
  await history.run(history.inputs.parse({ database, task: ["retract", runNumber(1).id], why: "throttled" }), tools);
  expect(show(folder, "data.json")).toBe("[1]");
  expect(tools.said).toEqual([
    expect.stringMatching(/^warning: data\.json: left as it was, .* --legacy-files makes it/),
  ]);
});
