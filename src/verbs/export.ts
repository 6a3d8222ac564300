import { z } from "zod";
import { longCsv, wideCsv } from "../database/csv.ts";
import { serializeRunLine } from "../database/document.ts";
import { pointsOf, queryRuns } from "../database/points.ts";
import { writeFileAtomically } from "../files.ts";
import { exportConcurrency, exportLatencies, exportServing } from "../formats/seed-export.ts";
import { customBenchmark, prometheusText } from "../formats/text-export.ts";
import type { Run } from "../result/run.ts";
import { choice, text } from "./fields.ts";
import { readForQuery, runQueryInputs } from "./history.ts";
import { defineVerb } from "./verb.ts";

const FORMATS = {
  csv: (runs: Run[]) => longCsv(runs.flatMap(pointsOf)),
  "csv-wide": (runs: Run[]) => wideCsv(runs.flatMap(pointsOf)),
  jsonl: (runs: Run[]) => runs.map(serializeRunLine).join(""),
  prometheus: prometheusText,
  customSmallerIsBetter: (runs: Run[]) => customBenchmark(runs, "lower"),
  customBiggerIsBetter: (runs: Run[]) => customBenchmark(runs, "higher"),
  "data.json": exportLatencies,
  "e2e_benchmark_data.json": exportServing,
  "max_concurrency_benchmark_data.json": exportConcurrency,
};
const NAMES = Object.keys(FORMATS) as [keyof typeof FORMATS, ...(keyof typeof FORMATS)[]];

export const exportData = defineVerb({
  name: "export",
  description: "Writes the data branch in a format of another tool.",
  inputs: z.strictObject({
    ...runQueryInputs,
    format: choice(
      NAMES,
      "csv: a line a number; csv-wide: a column a series; jsonl: a run document a line; prometheus: the newest numbers; " +
        "custom…: github-action-benchmark's input, the newest run; the rest: files of an older history.",
    ).default("csv"),
    file: text("File to write (default: the terminal).", "FILE").optional(),
  }),
  outputs: { runs: "Runs that were exported.", file: "The file, if one was written." },
  async run({ format, file, ...query }, tools) {
    const runs = queryRuns(await readForQuery(query, tools), query);
    const content = FORMATS[format](runs);
    const outputs = { runs: runs.length, file: file ?? null };
    if (file === undefined) return { ok: true, outputs, text: content.replace(/\n$/, "") };
    await writeFileAtomically(file, content);
    return { ok: true, outputs, text: `${runs.length} run${runs.length === 1 ? "" : "s"} written to ${file}` };
  },
});
