import { copyFileSync, cpSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exportAcsBench } from "../../src/formats/acs-bench/export-csv.ts";
import { exportDataJs } from "../../src/formats/data-js/data-js.ts";
import { IMPORT_FORMATS } from "../../src/formats/import.ts";
import { exportPytorch } from "../../src/formats/pytorch/export.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { exportData } from "../../src/verbs/export/export.ts";
import { runNumber } from "../database/runs.ts";
import { documented, runDocumented } from "../support/documented.ts";
import { isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { aggregate } from "./aggregate.ts";
import { concurrencyRun } from "./concurrency-run.ts";

const page = readFileSync(join(PACKAGE_ROOT, "docs/formats.md"), "utf8");
const firstColumn = [...page.matchAll(/^\| `([\w.-]+)` \|/gm)].map(([, name]) => name!);
const commands = [...page.matchAll(/`npx pitwall export ([^`]+ --output [^`]+)`/g)].map(([, line]) => line!.split(" "));

test("the page has every format", () => {
  const formats: string[] = exportData.inputs.shape.format.unwrap().options;
  for (const format of [...formats.filter((name) => name !== "mlflow"), ...IMPORT_FORMATS]) {
    expect(firstColumn).toContain(format);
  }
});

test.each(commands.map((words) => [words[words.indexOf("--format") + 1]!, words] as const))(
  "its command for %s writes a file",
  async (_, words) => {
    await using folder = await createFixture();
    const pairs = words.flatMap((word, index) => (word.startsWith("--") ? [[word.slice(2), words[index + 1]!]] : []));
    const file = folder.getPath("out");
    const { output: _output, ...named } = Object.fromEntries(pairs);
    const given = { ...named, database: join(PACKAGE_ROOT, "fake_db"), file };
    const { outputs } = await exportData.run(exportData.inputs.parse(given), recordingTools());
    expect(outputs.runs).toBeGreaterThan(0);
    expect(existsSync(file)).toBe(true);
  },
);

describe("its commands that import", () => {
  const imports = documented("docs/formats.md").filter((line) => line.startsWith("npx pitwall import"));
  const home = process.cwd();
  let folder: FsFixture;

  beforeAll(async () => {
    folder = await createFixture({
      "results/.keep": "",
      "records.json": exportPytorch([runNumber(1)]),
      "data.js": exportDataJs([runNumber(1)]),
      "perf.csv": "concurrency,input_len,output_len,latency_p50_ms,throughput_rps\n4,128,128,50.5,12.3\n",
      "summary.csv": exportAcsBench([concurrencyRun]),
      "agg_gptoss.json": JSON.stringify(aggregate),
    });
    const fixtures = {
      "results/in_300_out_100.json": "vllm-0.32.0/in_300_out_100.json",
      "in_300_out_100.json": "vllm-0.32.0/in_300_out_100.json",
      "latency_bs1.json": "vllm-0.32.0/latency_bs1.json",
      "data.json": "seed-h100/data.json",
      "e2e_benchmark_data.json": "seed-h100/e2e_benchmark_data.json",
      "max_concurrency_benchmark_data.json": "seed-h100/max_concurrency_benchmark_data.json",
    };
    const sweep = join(PACKAGE_ROOT, "test/fixtures/imports/vllm-0.33.0-bench-sweep");
    cpSync(sweep, folder.getPath("sweep"), { recursive: true });
    for (const [name, fixture] of Object.entries(fixtures)) {
      copyFileSync(join(PACKAGE_ROOT, "test/fixtures", fixture), folder.getPath(name));
    }
    process.chdir(folder.path);
  });
  afterAll(async () => {
    process.chdir(home);
    await folder.rm();
  });

  test("are one for each format, and one that publishes", () => {
    expect(imports.length).toBeGreaterThan(IMPORT_FORMATS.length);
  });

  test.each(imports)("%s", async (line) => {
    const tools = recordingTools({ env: { ...process.env, ...isolated } });
    const { outputs } = await runDocumented(line.replace("*.json", "in_300_out_100.json"), tools);
    expect(outputs.points).toBeGreaterThan(0);
    expect(outputs.added).toBe(line.includes("--no-dry-run") ? 1 : 0);
  });
});
