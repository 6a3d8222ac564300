import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readJson, writeFileAtomically, writeJson } from "../../files.ts";
import { experimentsCsv, type TriedCombination } from "../../report/experiments/experiment-csv.ts";
import { vllmBenchCsv } from "../../report/experiments/vllm-bench-csv.ts";
import { shownRun } from "../../result/checks/shown-run.ts";
import { type ExperimentEnd, ExperimentsManifest } from "../../result/document/experiment.ts";
import { Run } from "../../result/document/run.ts";
import { experimentsCsvFile, experimentsFile, resultsSummaryCsvFile, runFile } from "../../working-folder/names.ts";
import type { RunInputs } from "./inputs.ts";

/** Inputs that change nothing about what is measured; secrets are among them. */
const ASIDE = new Set([
  "output",
  "clean",
  "follow",
  "site",
  "base",
  "skipSite",
  "branch",
  "database",
  "token",
  "slackWebhook",
  "resume",
  "quietWait",
]);

/** Tells whether two runs of a combination measure the same: of the inputs that it is run with. */
export function configurationHash(inputs: RunInputs): string {
  const own = Object.entries(inputs).filter(
    ([key, value]) => !ASIDE.has(key) && key !== "shard" && value !== undefined,
  );
  const text = JSON.stringify(own, (_, value) => (value === Number.POSITIVE_INFINITY ? "inf" : value));
  return createHash("sha256").update(text).digest("hex");
}

/** Written after each combination, so that whatever ends the list loses none. */
export async function writeManifest(output: string, startedAt: Date, ends: readonly ExperimentEnd[]): Promise<void> {
  const manifest: ExperimentsManifest = {
    schema: "pitwall.experiments/1",
    startedAt: startedAt.toISOString(),
    experiments: [...ends],
  };
  await writeJson(experimentsFile(output), manifest);
}

/** What came of each so far, for a spreadsheet. */
export async function writeTables(output: string, tried: readonly TriedCombination[]): Promise<void> {
  await writeFileAtomically(experimentsCsvFile(output), experimentsCsv(tried));
  await writeFileAtomically(resultsSummaryCsvFile(output), vllmBenchCsv(tried));
}

/** How combinations ended in an earlier run, by name. @throws UserError when the file is damaged */
export async function earlierEnds(output: string): Promise<Map<string, ExperimentEnd>> {
  if (!existsSync(experimentsFile(output))) return new Map();
  const { experiments } = await readJson(experimentsFile(output), ExperimentsManifest);
  return new Map(experiments.map((end) => [end.name, end]));
}

/** The run document in a combination's folder; undefined where there is none, or one that cannot be read. */
export async function documentIn(folder: string): Promise<Run | undefined> {
  return readJson(runFile(folder), Run).then(shownRun, () => undefined);
}
