import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { serializeRun } from "../../../src/database/document/document.ts";
import { runPath } from "../../../src/database/records/run.ts";
import type { Run } from "../../../src/result/document/run.ts";
import { history } from "../../../src/verbs/history/history.ts";
import { runNumber } from "../../database/runs.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { sampleRun } from "../../support/run-document.ts";

const marker = { "pitwall.json": '{"schema":"pitwall.database/1"}\n' };
const elsewhere: Run = runNumber(5, {
  host: { ...sampleRun.host, label: 'the "big" one, east' },
  trigger: { ...sampleRun.trigger, commit: "f".repeat(40), ref: "refs/heads/topic" },
});
elsewhere.cells = [
  {
    ...elsewhere.cells[0]!,
    id: "serve-benchmark/in_300_out_100_rate_1",
    benchmark: "serve-benchmark",
    status: "ok",
    metrics: { ttft_ms: { mean: 20.5, p99: 40 }, request_throughput_req_s: 12.5 },
  },
];
const runs = [runNumber(1), runNumber(2), elsewhere];
const folder = (extra = {}) =>
  createFixture({ ...marker, ...Object.fromEntries(runs.map((run) => [runPath(run), serializeRun(run)])), ...extra });

async function show(database: string, given: Record<string, unknown> = {}, tools = recordingTools()) {
  const inputs = history.inputs.parse({ database, format: "json", ...given });
  return (await history.run(inputs, tools)).text!;
}

test("gives the headline of every metric by time, with the names that tell them apart", async () => {
  await using fixture = await folder();
  const points = JSON.parse(await show(fixture.path));
  expect(
    points.map(({ run, metric, statistic, value }: Record<string, unknown>) => [run, metric, statistic, value]),
  ).toEqual([
    [runNumber(1).id, "latency_s", "p50", 1.3632],
    [runNumber(2).id, "latency_s", "p50", 1.3632],
    [elsewhere.id, "ttft_ms", "mean", 20.5],
    [elsewhere.id, "request_throughput_req_s", "value", 12.5],
  ]);
  expect(points[0]).toMatchObject({ host: "h100-1", gpu: "1 × NVIDIA H100 80GB HBM3", unit: "s", client: "pitwall" });
});

test.each<[string, Record<string, unknown>, number]>([
  ["a part of a series name", { series: "BS_1 latency_s" }, 2],
  ["any of several", { series: "latency_s,ttft" }, 3],
  ["a cell", { cell: "rate_1" }, 2],
  ["a host", { host: "h100" }, 2],
  ["a ref", { ref: "heads/topic" }, 2],
  ["a commit", { commit: "fff" }, 2],
  ["a first day", { since: "2026-11-03" }, 3],
  ["a first moment", { since: "2026-11-03T06:45:02Z" }, 2],
  ["an end", { until: "2026-11-03" }, 1],
  ["another statistic", { statistic: "p99" }, 3],
  ["all statistics", { statistic: "all", cell: "rate_1" }, 3],
  ["nothing that is there", { cell: "no such" }, 0],
])("can be asked for %s", async (_, given, count) => {
  await using fixture = await folder();
  expect(JSON.parse(await show(fixture.path, given))).toHaveLength(count);
});

test("writes CSV with quotes where they are needed", async () => {
  await using fixture = await folder();
  const [head, line, ...rest] = (await show(fixture.path, { format: "csv", series: "ttft" })).split("\n");
  expect(rest).toEqual([]);
  expect(head).toMatch(/^startedAt,run,commit,.*,value,unit$/);
  expect(line).toContain(',"the ""big"" one, east",');
  expect(line).toMatch(/,ttft_ms,mean,20.5,ms$/);
});

test("writes a table for people", async () => {
  await using fixture = await folder();
  const text = await show(fixture.path, { format: "table", series: "latency" });
  expect(text).toMatch(/2026-11-02 06:45.*0123456789.*h100-1.*vllm 0\.32\.0.*bs_1 latency_s\.p50.*1\.36/);
  expect(await show(fixture.path, { format: "table", cell: "none" })).toBe("no such numbers");
});

test("the table tells series apart that differ in the engine's settings only", async () => {
  const eager = runNumber(3, { engine: { ...sampleRun.engine, args: ["--enforce-eager"] } });
  await using fixture = await folder({ [runPath(eager)]: serializeRun(eager) });
  const text = await show(fixture.path, { format: "table", series: "latency" });
  expect(text).toMatch(/Settings/);
  expect(text).toMatch(/2026-11-04 06:45.*--enforce-eager.*latency_s/);
});

test("a damaged file is an error that names it, or a warning when it may be skipped", async () => {
  await using fixture = await folder({ [runPath(runNumber(9))]: "{" });
  await expect(show(fixture.path)).rejects.toThrow(`- ${runPath(runNumber(9))} is not valid JSON`);
  const tools = recordingTools();
  expect(JSON.parse(await show(fixture.path, { skipDamaged: true }, tools))).toHaveLength(4);
  expect(tools.said).toEqual([expect.stringContaining(`warning: skipped: ${runPath(runNumber(9))}`)]);
});

test("a time that is none, and a statistic that nobody stores, are refused with those that there are", () => {
  for (const since of ["yesterday", "2026-02-30", "2026-11-31T00:00:00Z", "2026-13-01"]) {
    expect(() => history.inputs.parse({ since })).toThrow("must be a day (2026-11-01)");
  }
  expect(history.inputs.parse({ since: "2028-02-29" }).since).toBe(Date.parse("2028-02-29"));
  expect(() => history.inputs.parse({ statistic: "p77" })).toThrow("headline");
});
