import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { parseRun, serializeRun } from "../../../src/database/document/document.ts";
import { runPath } from "../../../src/database/records/run.ts";
import { UserError } from "../../../src/errors.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { exportData } from "../../../src/verbs/export/export.ts";
import { importData } from "../../../src/verbs/import/import.ts";
import { runNumber } from "../../database/runs.ts";
import { git, isolated } from "../../support/git-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const env = { ...process.env, ...isolated };
const seed = (name: string) => join(PACKAGE_ROOT, "test/fixtures/seed-h100", name);
const SEEDS = ["data.json", "e2e_benchmark_data.json", "max_concurrency_benchmark_data.json"];

const folder = (...runs: Run[]) =>
  createFixture({
    "pitwall.json": '{"schema":"pitwall.database/1"}\n',
    ...Object.fromEntries(runs.map((run) => [runPath(run), serializeRun(run)])),
  });

async function exported(database: string, format: string, given: object = {}): Promise<string> {
  const inputs = exportData.inputs.parse({ database, format, ...given });
  return (await exportData.run(inputs, recordingTools({ env }))).text!;
}

async function importing(files: string[], given: object = {}) {
  const context = { model: "Qwen/Qwen3-8B", hostLabel: "h100", gpu: "NVIDIA H100 80GB HBM3" };
  const loads = { inputLen: 512, outputLen: 128, offeredTokensPerSecond: 5000 };
  const inputs = importData.inputs.parse({ files, ...context, ...loads, ...given });
  return importData.run(inputs, recordingTools({ env }));
}

describe("the files of the H100 history", () => {
  test("come out of the branch as they went in: every number, key and time", async () => {
    await using fixture = await createFixture();
    const repository = fixture.getPath("database.git");
    const { outputs } = await importing(SEEDS.map(seed), { database: repository, dryRun: false, legacyFiles: true });
    expect(outputs).toEqual({ runs: 20, points: expect.any(Number), added: 20, already: 0 });
    for (const name of SEEDS) {
      const text = await exported(repository, name);
      const original = readFileSync(seed(name), "utf8");
      expect(git(repository, "show", `pitwall-data:${name}`), "kept on the branch").toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(original));
      // The pairs of lengths come sorted; what is a list keeps the order of its file to the byte.
      if (name !== "e2e_benchmark_data.json") expect(text).toBe(original);
    }
    const exportedAgain = join(fixture.path, "data.json");
    await exportData.run(
      exportData.inputs.parse({ database: repository, format: "data.json", file: exportedAgain }),
      recordingTools({ env }),
    );
    const again = await importing([exportedAgain], { database: repository, dryRun: false, legacyFiles: true });
    expect(again.outputs).toMatchObject({ runs: 16, added: 0, already: 16 });
    expect(git(repository, "rev-list", "--count", "pitwall-data"), "nothing to renew").toBe("1");
  });

  test("a point that is in two files is imported once, from whichever comes first", async () => {
    const [point] = JSON.parse(readFileSync(seed("data.json"), "utf8"));
    await using fixture = await createFixture({ "data_point_1.json": JSON.stringify(point) });
    const repository = fixture.getPath("database.git");
    const single = fixture.getPath("data_point_1.json");
    const counts = async (files: string[]) => (await importing(files, { database: repository, dryRun: false })).outputs;
    expect(await counts([single])).toMatchObject({ runs: 1, added: 1, already: 0 });
    expect(await counts([seed("data.json")])).toMatchObject({ runs: 16, added: 15, already: 1 });
    expect(await counts([seed("data.json"), single])).toMatchObject({ runs: 16, added: 0, already: 16 });
  });

  test("PyTorch's records beside a result are the same numbers and are left out", async () => {
    const result = {
      elapsed_time: 2,
      num_requests: 9,
      total_num_tokens: 99,
      requests_per_second: 5,
      tokens_per_second: 50,
    };
    const files = { "t.json": JSON.stringify(result), "t.pytorch.json": "[]" };
    await using fixture = await createFixture(files);
    const given = { timestamp: "2026-11-22T06:00:00Z" };
    const { outputs } = await importing(
      Object.keys(files).map((name) => fixture.getPath(name)),
      given,
    );
    expect(outputs).toMatchObject({ runs: 1, points: 4 });
  });

  test("a dry run says what they hold and makes nothing", async () => {
    await using fixture = await createFixture();
    const database = fixture.getPath("database.git");
    const { outputs, text } = await importing([seed("data.json")], { database });
    expect(outputs).toEqual({ runs: 16, points: 512, added: 0, already: 0 });
    expect(text).toBe(
      `would import 16 run documents with 512 numbers to pitwall-data of ${database}; --no-dry-run publishes them`,
    );
    expect(await fixture.readdir("")).toEqual([]);
  });
});

test.each<[string, string[], object, RegExp]>([
  ["a file that is not there", ["nowhere/data.json"], {}, /nowhere\/data\.json does not exist/],
  [
    "a file of no known form",
    [join(PACKAGE_ROOT, "package.json")],
    {},
    /package\.json is in no format .*: latencies, serving/,
  ],
  ["lengths that nobody gave", [seed("data.json")], { inputLen: undefined }, /give it with --input-len/],
  ["a machine that nobody named", [seed("data.json")], { hostLabel: undefined }, /give it with --host-label/],
])("importing with %s says what to do", async (_, files, given, message) => {
  const error = await importing(files, given).catch((reason) => reason);
  expect(error).toBeInstanceOf(UserError);
  expect(error.message).toMatch(message);
});

const serving: Run = runNumber(3, {
  cells: [
    {
      id: "serve-benchmark/in_300_out_100_rate_12.5",
      benchmark: "serve-benchmark",
      params: { inputLen: 300, outputLen: 100, requestRate: 12.5 },
      status: "ok",
      metrics: { ttft_ms: { count: 9, mean: 20.5, std: 1 }, request_throughput_req_s: 12.5 },
    },
  ],
});

test("JSON lines are the run documents, one a line", async () => {
  await using fixture = await folder(runNumber(1), serving);
  const lines = (await exported(fixture.path, "jsonl")).split("\n");
  expect(lines.map((line) => parseRun(line, "line"))).toEqual([runNumber(1), serving]);
});

test("a wide CSV has a line a run and a column a series", async () => {
  await using fixture = await folder(runNumber(1), serving);
  const [head, ...rows] = (await exported(fixture.path, "csv-wide")).split("\n").map((line) => line.split(","));
  expect(rows).toHaveLength(2);
  expect(rows.map((row) => row.length)).toEqual([head!.length, head!.length]);
  const column = head!.indexOf("latency-sweep/in_512_out_128_bs_1 latency_s.p50");
  expect(rows.map((row) => row[column])).toEqual(["1.3632", ""]);
});

test("a long CSV has a line a number", async () => {
  await using fixture = await folder(runNumber(1), serving);
  expect((await exported(fixture.path, "csv")).split("\n")).toHaveLength(1 + 6 + 4);
});

test("the text for Prometheus holds the newest number of each series once, below one TYPE a metric", async () => {
  const host = { ...sampleRun.host, label: 'rack "7"\\b' };
  const newer = structuredClone(runNumber(2, { host }));
  const older = runNumber(1, { host });
  (newer.cells[0] as unknown as { metrics: { latency_s: { p50: number } } }).metrics.latency_s.p50 = 9.5;
  await using fixture = await folder(older, newer, serving);
  const lines = (await exported(fixture.path, "prometheus")).split("\n");
  const sample = /^[a-z_]+(\{([a-z_]+="(\\["\\n]|[^"\\\n])*",?)*\})? [-+0-9.e]+$/;
  for (const line of lines.filter((text) => !text.startsWith("# "))) expect(line).toMatch(sample);
  expect(lines.filter((line) => line.startsWith("# TYPE pitwall_latency_s "))).toHaveLength(1);
  const medians = lines.filter((line) => line.startsWith("pitwall_latency_s{") && line.includes('statistic="p50"'));
  expect(medians).toEqual([expect.stringMatching(/host="rack \\"7\\"\\\\b".* 9\.5$/)]);
});

test("github-action-benchmark gets the newest run's numbers, by the direction that is better", async () => {
  await using fixture = await folder(runNumber(1), serving);
  const smaller = JSON.parse(await exported(fixture.path, "customSmallerIsBetter"));
  const name = "serve-benchmark/in_300_out_100_rate_12.5";
  expect(smaller).toEqual([
    { name: `${name} ttft_ms.mean`, unit: "ms", value: 20.5, extra: expect.stringContaining(serving.id) },
  ]);
  const bigger = JSON.parse(await exported(fixture.path, "customBiggerIsBetter"));
  expect(bigger).toMatchObject([{ name: `${name} request_throughput_req_s`, unit: "req/s", value: 12.5 }]);
});

test("numbers of two hosts are never mixed in a format that does not tell hosts", async () => {
  const elsewhere = runNumber(2, { host: { ...sampleRun.host, label: "other" } });
  await using fixture = await folder(runNumber(1), elsewhere);
  await expect(exported(fixture.path, "data.json")).rejects.toThrow("choose one with --host");
  expect(JSON.parse(await exported(fixture.path, "data.json", { host: "other" }))).toHaveLength(1);
});

test("two cells that a format cannot tell apart are an error that names them", async () => {
  const [cell] = runNumber(1).cells;
  const longer = { ...cell!, id: "latency-sweep/in_9_out_9_bs_1", params: { batchSize: 1, inputLen: 9, outputLen: 9 } };
  await using fixture = await folder(runNumber(1, { cells: [cell!, longer] }));
  await expect(exported(fixture.path, "data.json")).rejects.toThrow("would hold batch size 1 twice");
});

test("a history in git is exported by the name of its branch", async () => {
  await using fixture = await createFixture();
  const repository = fixture.getPath("database.git");
  await importing([seed("data.json")], { database: repository, branch: "numbers", dryRun: false });
  expect(git(repository, "for-each-ref", "--format=%(refname:short)")).toBe("numbers");
  expect(JSON.parse(await exported(`${repository}#numbers`, "data.json"))).toHaveLength(16);
});
