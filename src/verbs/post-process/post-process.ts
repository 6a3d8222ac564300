import { createHash } from "node:crypto";
import { z } from "zod";
import { engineRecordFiles } from "../../engine/record.ts";
import { UsageError, UserError } from "../../errors.ts";
import { readJson, writeFileAtomically, writeJson } from "../../files.ts";
import { runSummary } from "../../report/markdown.ts";
import { runText } from "../../report/terminal.ts";
import { assembleRun } from "../../result/assemble/assemble.ts";
import { enginesOf } from "../../result/assemble/engines-of.ts";
import type { Cell } from "../../result/document/cell.ts";
import { EngineRecord } from "../../result/document/engine-record.ts";
import { Run } from "../../result/document/run.ts";
import { regressedSeries } from "../../verdict/judge-run.ts";
import { readCells } from "../../working-folder/cells.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { cellsFolder, runFile, summaryFile } from "../../working-folder/names.ts";
import { homeInputs } from "../history/home.ts";
import { commonInputs, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { positiveNumber } from "../schema/number-fields.ts";
import { sourceInputs, triggerFacts } from "../trigger/trigger.ts";
import { defineVerb } from "../verb.ts";
import { compareWithHistory } from "./compare-history.ts";
import { hostInputs, hostOfRun } from "./run-host.ts";

export const postProcessInputs = {
  ...commonInputs,
  ...hostInputs,
  ...inGroup("Machine and commit", {
    pricePerHour: positiveNumber("Price of the machine an hour, for the cost per million tokens.", "PRICE").optional(),
    configuration: text(
      "Label of the engine's settings: runs with another label are a series of their own in the history.",
      "LABEL",
    ).optional(),
  }),
  ...sourceInputs,
  ...inGroup("History", {
    ...homeInputs,
    database: text(
      "The history whose earlier runs this one is held against, with #BRANCH or without (default: none).",
      "PATH|URL|folder:PATH|origin",
    ).optional(),
    baseline: text(
      "Branch or git ref whose runs are the baseline (default: the run's own; of a pull request or a merge queue, the " +
        "branch it goes into).",
      "REF",
    ).optional(),
  }),
};

export const postProcess = defineVerb({
  name: "post-process",
  description:
    "Turns measured cells into the run document and its summary, says which cells passed the gates, and which numbers moved.",
  inputs: z.strictObject(postProcessInputs),
  outputs: {
    runFile: "Path of the run document.",
    summaryFile: "Path of the Markdown summary.",
    runId: "Id of the run.",
    outcome: "ok, failed or cancelled.",
    cellsOk: "Cells with numbers.",
    cellsFailed: "Cells without.",
    verdict: "Against the history: regressed, suspected, improved, steady, or unjudged; empty where there is none.",
    regressed: "Series that got worse for two runs or more, and nobody accepted it.",
  },
  async run(
    { output, hostLabel, gpu, gpuCount, pricePerHour, configuration, commit, ref, subject, sourceDir, ...comparing },
    tools,
  ) {
    if (gpuCount !== undefined && gpu === undefined) throw new UsageError("--gpu-count goes with --gpu, their name");
    if (comparing.baseline !== undefined && comparing.database === undefined) {
      throw new UsageError("--baseline goes with --database, the history that holds its runs");
    }
    const { report, env } = tools;
    await using _hold = await holdFolder(output);
    const cells = await readCells(output);
    if (cells.length === 0) {
      throw new UserError(`no cells in ${cellsFolder(output)}: run a benchmark first, like latency-sweep`);
    }
    const found = enginesOf(cells, await readEngines(output));
    if ("problem" in found) {
      throw new UserError(`${output}: ${found.problem}. Measure again into an empty folder (--output DIR)`);
    }
    const { engines } = found;
    const { trigger, warnings } = await triggerFacts({ commit, ref, subject, sourceDir }, env);
    for (const warning of warnings) report.warning(warning);
    const host = await hostOfRun(engines[0]!, { hostLabel, gpu, gpuCount }, tools);
    const suffix = runSuffix(env, { host: host.label, cells, engines, configuration });
    const parts = { cells, engines, trigger, host, suffix, options: { pricePerHour }, configuration };
    const run = Run.parse(assembleRun(parts));
    const runPath = runFile(output);
    const summaryPath = summaryFile(output);
    await writeJson(runPath, run);
    const verdict = await compareWithHistory(run, comparing, tools);
    const summary = runSummary(run, verdict);
    await writeFileAtomically(summaryPath, summary.source);
    report.info(`run document ${run.id} written to ${runPath}`);
    const failed = run.cells.filter((cell) => cell.status !== "ok");
    return {
      ok: run.outcome === "ok",
      outputs: {
        runFile: runPath,
        summaryFile: summaryPath,
        runId: run.id,
        outcome: run.outcome,
        cellsOk: run.cells.length - failed.length,
        cellsFailed: failed.length,
        verdict: verdict?.status ?? null,
        regressed: verdict === null ? [] : regressedSeries(verdict),
      },
      summary,
      text: runText(run, verdict),
      failures: failed.map(({ id, reason, detail }) => ({ what: "cell", name: id, reason, detail })),
    };
  },
});

/** What the working folder knows of engines: behind a URL, inside the sweep's driver, and those whose start was measured. */
export async function readEngines(output: string): Promise<EngineRecord[]> {
  return Promise.all(engineRecordFiles(output).map((path) => readJson(path, EngineRecord)));
}

interface Identity {
  host: string;
  cells: Cell[];
  engines: EngineRecord[];
  configuration: string | undefined;
}

/**
 * In CI the suffix comes from run id, attempt, job, machine and engine, so that a re-upload is the same run and neither a
 * matrix nor an experiment is; elsewhere from what was measured, too.
 */
function runSuffix(env: NodeJS.ProcessEnv, { host, cells, engines, configuration }: Identity): string {
  const { GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = env;
  const engine = [engines.map(({ model, args }) => [model, args]), configuration];
  const identity =
    GITHUB_RUN_ID === undefined
      ? [cells, engine]
      : [GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB, host, cells.map((cell) => cell.id), engine];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 8);
}
