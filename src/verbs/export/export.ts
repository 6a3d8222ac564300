import { z } from "zod";
import { serializeRunLine } from "../../database/document/document.ts";
import { breathe } from "../../database/pack/breathe.ts";
import { longCsv, wideCsv } from "../../database/query/csv.ts";
import { pointsOf, queryRuns } from "../../database/query/points.ts";
import { UsageError } from "../../errors.ts";
import { writeFileAtomically } from "../../files.ts";
import { exportAcsBench } from "../../formats/acs-bench/export-csv.ts";
import { exportDataJs } from "../../formats/data-js/data-js.ts";
import { logToMlflow } from "../../formats/mlflow/export.ts";
import { mlflowServer } from "../../formats/mlflow/server.ts";
import { exportPytorch } from "../../formats/pytorch/export.ts";
import { exportConcurrency, exportLatencies, exportServing } from "../../formats/seed/export.ts";
import { customBenchmark, prometheusText } from "../../formats/text-export.ts";
import { exportPerf, exportRenamedPerf, exportRenamedPerfJson } from "../../formats/vllm-cibench/export-csv.ts";
import { shownRun } from "../../result/checks/shown-run.ts";
import { counted } from "../../result/counted.ts";
import type { Run } from "../../result/document/run.ts";
import { readForQuery, runQueryInputs } from "../history/history.ts";
import { choice, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { defineVerb } from "../verb.ts";

const TEXT_FORMATS = {
  csv: (runs: Run[]) => longCsv(runs.flatMap(pointsOf)),
  "csv-wide": (runs: Run[]) => wideCsv(runs.flatMap(pointsOf)),
  jsonl: (runs: Run[]) => runs.map(serializeRunLine).join(""),
  prometheus: prometheusText,
  customSmallerIsBetter: (runs: Run[]) => customBenchmark(runs, "lower"),
  customBiggerIsBetter: (runs: Run[]) => customBenchmark(runs, "higher"),
  "data.js": exportDataJs,
  pytorch: exportPytorch,
  "data.json": exportLatencies,
  "e2e_benchmark_data.json": exportServing,
  "max_concurrency_benchmark_data.json": exportConcurrency,
  "perf.csv": exportPerf,
  "perf-renamed.csv": exportRenamedPerf,
  "perf-renamed.json": exportRenamedPerfJson,
  "acs-bench": exportAcsBench,
};
type TextFormat = keyof typeof TEXT_FORMATS;
const OTHER_FORMATS = ["parquet", "mlflow"] as const;
type Format = TextFormat | (typeof OTHER_FORMATS)[number];
const NAMES = ([] as string[]).concat(Object.keys(TEXT_FORMATS), OTHER_FORMATS) as [Format, ...Format[]];

export const exportData = defineVerb({
  name: "export",
  description: "Writes the data branch in a format of another tool.",
  inputs: z.strictObject({
    ...runQueryInputs,
    ...inGroup("Output", {
      format: choice(
        NAMES,
        "csv and parquet: a line a number; csv-wide: a column a series; jsonl: a run document a line; prometheus: the " +
          "newest numbers; custom…: github-action-benchmark's input, the newest run; data.js: its whole history; pytorch: " +
          "records of PyTorch's format v3; mlflow: to a server; perf…, acs-bench: tables of loads, the newest run; the rest: files of " +
          "an older history.",
      ).default("csv"),
      // In pitwall.yml and the environment "output" is the working folder of the other verbs.
      file: text("File to write (default: the terminal).", "FILE").meta({ flag: "output" }).optional(),
      server: text(
        "Address of the MLflow server; MLFLOW_TRACKING_TOKEN of the environment opens it.",
        "URL",
      ).optional(),
    }),
  }),
  outputs: { runs: "Runs that were exported.", file: "The file, if one was written." },
  async run({ format, file, server, ...query }, tools) {
    if ((format === "mlflow") !== (server !== undefined))
      throw new UsageError("--format mlflow and --server go together");
    if (format === "mlflow" && file !== undefined) throw new UsageError("--format mlflow writes no file");
    if (format === "parquet" && file === undefined) {
      throw new UsageError("parquet is no text for a terminal: name a file with --output FILE");
    }
    const stored = queryRuns(await readForQuery(query, tools), query);
    // Whoever takes documents gets what was stored.
    const runs = format === "jsonl" ? stored : stored.map(shownRun);
    const outputs = { runs: runs.length, file: file ?? null };
    if (format === "mlflow") {
      const { logged, already } = await logToMlflow(runs, mlflowServer(server!, tools.env, tools.signal), tools.signal);
      return {
        ok: true,
        outputs,
        text: `${counted(logged.length, "run")} logged, ${already.length} were there before`,
      };
    }
    const content = format === "parquet" ? await parquetOf(runs) : TEXT_FORMATS[format](runs);
    // A signal that came meanwhile; from here on it would have to wait for all that is printed.
    await breathe(tools.signal);
    if (file === undefined) return { ok: true, outputs, text: String(content).replace(/\n$/, "") };
    await writeFileAtomically(file, content);
    return { ok: true, outputs, text: `${format} of ${counted(runs.length, "run")} written to ${file}` };
  },
});

/** Read when it is needed: nothing else takes the library. */
async function parquetOf(runs: readonly Run[]): Promise<Uint8Array> {
  const { parquetFile } = await import("../../formats/parquet.ts");
  return parquetFile(runs.flatMap(pointsOf));
}
