import { existsSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { z } from "zod";
import { appendRuns } from "../../database/append.ts";
import { pointsOf } from "../../database/query/points.ts";
import { UsageError, UserError } from "../../errors.ts";
import { detectFormat, IMPORT_FORMATS, importFile } from "../../formats/import.ts";
import { legacyFiles } from "../../formats/seed/legacy-files.ts";
import { isCombination } from "../../formats/vllm/sweep.ts";
import { readPlain } from "../../plain-file.ts";
import { counted } from "../../result/counted.ts";
import type { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { historyHome, renamedHomeInputs } from "../history/home.ts";
import { commitText, publishInputs, renewedText } from "../publish/publish.ts";
import { choice, fileList, flag, parsed, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer, positiveNumber } from "../schema/number-fields.ts";
import { defineVerb } from "../verb.ts";
import { sweepIn } from "./sweep-folder.ts";

function parseZone(zone: string): string {
  if (/^(Z|[+-]\d\d:\d\d)$/.test(zone)) return zone;
  throw new UserError("must be Z or an offset as in +02:00");
}

const importInputs = {
  files: fileList(
    "Files to import: vLLM's results, data.js, data.json, benchmark_history/*.json and more; or folders of `vllm bench sweep`.",
  ).optional(),
  ...inGroup("What to do", {
    format: choice(["auto", ...IMPORT_FORMATS], "What the files hold; auto: by the keys in them.").default("auto"),
    dryRun: flag("Only say what would be imported.").default(true),
  }),
  ...inGroup("What the files do not say", {
    model: text("The model that was measured; goes before what the files call it.", "NAME").optional(),
    hostLabel: text("Name of the machine in the history.", "NAME").optional(),
    gpu: text(
      "GPU of the machine, as the driver names it; none for a machine without (default: as in the file, else unknown).",
      "NAME",
    ).optional(),
    gpuCount: integer("Number of those (default: 1).").optional(),
    engineVersion: text("Version of vLLM that was measured.", "VERSION").optional(),
    inputLen: integer("Input tokens, where neither the files nor their names say.").optional(),
    outputLen: integer("Output tokens, where neither the files nor their names say.").optional(),
    batch: integer("Batch size of a latency file whose name does not say.").optional(),
    timestamp: text("When it was measured, of files without a time.", "DATETIME").optional(),
    timeZone: parsed(parseZone, "Zone of files that write local time: Z or an offset as in +02:00.", "ZONE").optional(),
    offeredTokensPerSecond: positiveNumber("Tokens a second that the requests offered, for serving.").optional(),
  }),
  ...renamedHomeInputs,
  legacyFiles: publishInputs.legacyFiles,
};
const Inputs = z.strictObject(importInputs);

export const importData = defineVerb({
  name: "import",
  description: "Puts a history of another tool on the data branch; says first what it would do.",
  inputs: Inputs,
  positional: "files",
  outputs: {
    runs: "Run documents that the files give.",
    points: "Numbers in them.",
    added: "Documents that were published; none in a dry run.",
    already: "Documents that were there before.",
  },
  async run(inputs, tools) {
    if (inputs.files === undefined) throw new UsageError("name the files to import");
    const found: Run[] = [];
    for (const file of withoutTwins(inputs.files)) {
      for (const one of await filesAt(file, tools)) found.push(...(await readRuns(one, inputs, tools)));
    }
    const runs = distinct(found);
    const points = runs.flatMap(pointsOf).length;
    const what = `${counted(runs.length, "run document")} with ${points} numbers`;
    const { repository, branch, token, place } = await historyHome(inputs, tools.env);
    if (inputs.dryRun) {
      const text = `would import ${what} to ${place}; --no-dry-run publishes them`;
      return { ok: true, outputs: { runs: runs.length, points, added: 0, already: 0 }, text };
    }
    const beside = inputs.legacyFiles ? { published: legacyFiles(tools.report) } : undefined;
    const { added, already, renewed, commit } = await appendRuns({ repository, branch, runs, token, beside }, tools);
    const counts = `${added.length} added, ${already.length} were there before`;
    const text = `imported ${what} to ${place}${commitText(commit)}: ${counts}${renewedText(renewed)}`;
    return { ok: true, outputs: { runs: runs.length, points, added: added.length, already: already.length }, text };
  },
});

/** A point that is in two of the files is one run: the id comes from its numbers. */
function distinct(runs: readonly Run[]): Run[] {
  return [...Map.groupBy(runs, ({ id }) => id).values()].map(([first]) => first!);
}

interface NamedFile {
  path: string;
  name: string;
}

/** A file, or those of a sweep; says what the sweep lacks. A combination's name tells what was swept, so it stays. */
async function filesAt(path: string, { report }: Tools): Promise<NamedFile[]> {
  if (!existsSync(path)) throw new UsageError(`${path} does not exist`);
  if (!statSync(path).isDirectory()) {
    const folder = basename(dirname(resolve(path)));
    return [{ path, name: isCombination(folder) ? `${folder}/${basename(path)}` : basename(path) }];
  }
  const { results, gaps } = await sweepIn(path);
  for (const gap of gaps) report.warning(gap);
  return results;
}

async function readRuns({ path, name }: NamedFile, inputs: z.output<typeof Inputs>, { report }: Tools): Promise<Run[]> {
  const file = { name, text: await readPlain(path) };
  const format = inputs.format === "auto" ? detectFormat(file) : inputs.format;
  const runs = importFile(file, format, inputs);
  const cells = runs.flatMap((run) => run.cells);
  const failed = cells.filter(({ status }) => status === "failed").length;
  report.info(
    `${path}: ${format}, ${counted(runs.length, "run")}, ${counted(cells.length, "cell")}${failed > 0 ? `, ${failed} of them failed` : ""}`,
  );
  return runs;
}

/** vLLM writes x.pytorch.json beside x.json with the same numbers; of the two the result is read. */
function withoutTwins(files: readonly string[]): string[] {
  return files.filter(
    (file) => !/\.pytorch\.json$/.test(file) || !files.includes(file.replace(/\.pytorch\.json$/, ".json")),
  );
}
