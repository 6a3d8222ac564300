import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createFixture } from "fs-fixture";
import { expect, inject, test } from "vitest";
import { serializeRun } from "../../src/database/document/document.ts";
import { pointsOf } from "../../src/database/query/points.ts";
import { runPath } from "../../src/database/records/run.ts";
import type { Run } from "../../src/result/document/run.ts";
import { exportData } from "../../src/verbs/export/export.ts";
import { runNumber } from "../database/runs.ts";
import { documented, runDocumented } from "../support/documented.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { sampleRun } from "../support/run-document.ts";
import { startMlflow } from "./mlflow.ts";

const serving: Run = runNumber(3, {
  host: { ...sampleRun.host, label: 'rack "7"\\b, Zürich' },
  trigger: { ...sampleRun.trigger, commit: null, ref: null },
  cells: [
    {
      id: "serve-benchmark/in_300_out_100_rate_12.5",
      benchmark: "serve-benchmark",
      params: { inputLen: 300, outputLen: 100, requestRate: 12.5 },
      status: "ok",
      metrics: { ttft_ms: { count: 9, mean: 20.5, std: 1, "p99.9": 1e-7 }, request_throughput_req_s: 12.5 },
    },
  ],
});
const runs = [runNumber(1), runNumber(2), serving];

const branch = () =>
  createFixture({
    "pitwall.json": '{"schema":"pitwall.database/1"}\n',
    ...Object.fromEntries(runs.map((run) => [runPath(run), serializeRun(run)])),
  });

function exporting(database: string, given: object, env = process.env) {
  return exportData.run(exportData.inputs.parse({ database, ...given }), recordingTools({ env }));
}

/** What a Python program of the environment prints, as JSON. */
async function python(program: string, ...args: string[]): Promise<unknown> {
  const { stdout } = await promisify(execFile)(join(inject("clients"), "bin/python"), ["-c", program, ...args]);
  return JSON.parse(stdout);
}

test("pyarrow reads every number of the Parquet file, with nulls, types and moments", async () => {
  await using fixture = await branch();
  await using target = await createFixture();
  const file = target.getPath("points.parquet");
  await exporting(fixture.path, { format: "parquet", file });
  const program = `
import json, sys, pyarrow.parquet as parquet
table = parquet.read_table(sys.argv[1])
rows = table.to_pylist()
for row in rows: row["startedAt"] = row["startedAt"].isoformat()[:19] + "Z"
print(json.dumps({"types": {field.name: str(field.type) for field in table.schema}, "rows": rows}))`;
  const { types, rows } = (await python(program, file)) as { types: Record<string, string>; rows: object[] };
  expect(rows).toEqual(runs.flatMap(pointsOf));
  expect(types).toMatchObject({ value: "double", simulated: "bool", tensorParallel: "int32", cell: "string" });
  expect(types.startedAt).toMatch(/^timestamp\[/);
});

test("prometheus-client's parser reads every sample and label of the text", async () => {
  await using fixture = await branch();
  const { text } = await exporting(fixture.path, { format: "prometheus" });
  const program = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families
print(json.dumps([{"name": f.name, "type": f.type, "samples": [[s.labels, s.value] for s in f.samples]}
  for f in text_string_to_metric_families(sys.argv[1])]))`;
  const families = (await python(program, `${text}\n`)) as {
    name: string;
    type: string;
    samples: [object, number][];
  }[];
  expect(new Set(families.map(({ type }) => type))).toEqual(new Set(["gauge"]));
  const newest = [runNumber(2), serving].flatMap(pointsOf);
  const values = families.filter(({ name }) => name !== "pitwall_last_run_timestamp_seconds");
  expect(values.flatMap(({ samples }) => samples)).toHaveLength(newest.length);
  for (const { metric, cell, statistic, host, value } of newest) {
    const family = values.find(({ name }) => name === `pitwall_${metric}`);
    expect(family?.samples).toContainEqual([expect.objectContaining({ cell, statistic, host }), value]);
  }
});

test("an MLflow server holds each run once, in an experiment for its machine, however often it is exported", async () => {
  await using fixture = await branch();
  await using server = await startMlflow(inject("clients"));
  const command = documented("docs/formats.md").find((line) => line.includes("--format mlflow"))!;
  const line = command.replace("fake_db", fixture.path).replace(/http:\S+/, server.url);
  const toServer = () => runDocumented(line, recordingTools());
  expect((await toServer()).text).toBe("3 runs logged, 0 were there before");
  expect((await toServer()).text).toBe("0 runs logged, 3 were there before");
  const program = `
import json, sys, mlflow
client = mlflow.MlflowClient(sys.argv[1])
found = [e for e in client.search_experiments() if e.name.startswith("pitwall: ")]
print(json.dumps({e.name: [{"id": r.data.tags["pitwall.run"], "status": r.info.status, "start": r.info.start_time,
  "commit": r.data.tags.get("mlflow.source.git.commit"), "metrics": r.data.metrics}
  for r in client.search_runs([e.experiment_id], order_by=["attributes.start_time"])] for e in found}))`;
  const experiments = (await python(program, server.url)) as Record<string, { id: string; metrics: object }[]>;
  const key = ({ cell, metric, statistic }: ReturnType<typeof pointsOf>[number]) =>
    `${cell}/${metric}${statistic === "value" ? "" : `.${statistic}`}`;
  const logged = (run: Run) => ({
    id: run.id,
    status: "FINISHED",
    start: Date.parse(run.startedAt),
    commit: run.trigger.commit,
    metrics: Object.fromEntries(pointsOf(run).map((point) => [key(point), point.value])),
  });
  expect(Object.keys(experiments)).toHaveLength(2);
  const [usual, rack] = Object.entries(experiments).toSorted(
    ([a], [b]) => Number(a.includes("rack")) - Number(b.includes("rack")),
  );
  expect(usual).toEqual([expect.stringContaining("h100-1"), [logged(runs[0]!), logged(runs[1]!)]]);
  expect(rack).toEqual([expect.stringContaining('rack "7"'), [logged(serving)]]);
});
