import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { originOf } from "../database/repository.ts";
import { EngineError } from "../engine/engine-error.ts";
import { startEngine } from "../engine/start.ts";
import { stopEngine } from "../engine/stop.ts";
import { UserError } from "../errors.ts";
import { writeJson } from "../files.ts";
import { unmeasuredCell } from "../latency/cells.ts";
import { VERSION } from "../package-root.ts";
import { timeLine } from "../report/facts.ts";
import { timeAccount } from "../result/assemble.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import { argumentValue } from "../result/model-facts.ts";
import type { Failure } from "../result/reason.ts";
import { buildSite, siteInputs } from "./build-site.ts";
import { readCells, writeCell } from "./cell-files.ts";
import type { CellPlan } from "./cell-plan.ts";
import { requireContext } from "./context-length.ts";
import { choice, flag, secret, text } from "./fields.ts";
import { latencyInputs, latencySweep, planSweep } from "./latency-sweep.ts";
import { notify } from "./notify.ts";
import { postProcess, postProcessInputs, readEngines } from "./post-process.ts";
import { publish, publishInputs } from "./publish.ts";
import { serveBenchmark } from "./serve-benchmark.ts";
import { planServing, servingInputs } from "./serving-plan.ts";
import { engineInputs, engineOptions } from "./start-engine.ts";
import { defineVerb, type Outcome, type Tools } from "./verb.ts";

const LOCAL_DATABASE = ".pitwall/database.git";
const { foreground: _foreground, stop: _stop, ...engineInputsOfRun } = engineInputs;

const runInputs = {
  preset: choice(["demo", "quick", "standard"], "How long to measure: demo ends within two minutes.").default(
    "standard",
  ),
  ...latencyInputs,
  ...servingInputs,
  ...postProcessInputs,
  ...engineInputsOfRun,
  database: text(
    `Repository that holds the history (default: ${LOCAL_DATABASE}, made on first use; in a workflow, the repository that was checked out).`,
    "PATH|URL",
  ).optional(),
  branch: publishInputs.branch,
  token: publishInputs.token,
  allowSimulated: publishInputs.allowSimulated,
  site: siteInputs.site,
  base: siteInputs.base,
  skipSite: flag("Do not build the site.").default(false),
  slackWebhook: secret("Slack incoming webhook that hears of a run that failed.").optional(),
};
const Inputs = z.strictObject(runInputs);
type Inputs = z.output<typeof Inputs>;

export const run = defineVerb({
  name: "run",
  description: "The whole pipeline: starts the engine, measures, publishes the run and builds the site.",
  inputs: Inputs,
  presets: {
    demo: { warmup: 1, iterations: 2, minutes: 0.1, warmupRequests: 2 },
    quick: { warmup: 3, iterations: 10, minutes: 0.5, warmupRequests: 5 },
    standard: {},
  },
  outputs: {
    ...postProcess.outputs,
    published: "true when the run is on the data branch.",
    sitePath: "Folder of the built site.",
  },
  async run(inputs, tools) {
    const start = performance.now();
    await clearWorkingFolder(inputs.output);
    await measure(inputs, tools);
    const processed = await tools.report.group("Post-process", () => postProcess.run(pick(postProcess, inputs), tools));
    const stored = tools.signal.aborted ? notStored(inputs, tools) : await store(inputs, tools);
    if (!processed.ok && inputs.slackWebhook !== undefined) await notify.run(pick(notify, inputs), tools);
    const account = await accountOf(inputs, (performance.now() - start) / 1000);
    return {
      ...processed,
      ok: processed.ok && stored.ok,
      outputs: { ...processed.outputs, ...stored.outputs },
      text: [processed.text, "", `Time ${account}`, ...stored.lines].join("\n"),
    };
  },
});

/** Files of an earlier run in the same folder must never be read as this one's. */
async function clearWorkingFolder(output: string): Promise<void> {
  for (const name of ["cells", "raw", "run.json", "summary.md", "engine-offline.json"]) {
    await rm(join(output, name), { recursive: true, force: true });
  }
}

/**
 * One engine start for everything; the offline engine and the server take turns on the same GPU. Whatever stops it once
 * something was planned for an engine that does not come up, or measured, is part of the document and no reason to lose it.
 */
async function measure(inputs: Inputs, tools: Tools): Promise<void> {
  const mode = inputs.mode ?? (inputs.engine === "vllm" ? "offline" : "server");
  const plans = [...planSweep(inputs, mode), ...planServing(inputs)];
  const engine = engineOptions(inputs);
  const asked = argumentValue(inputs.engineArgs, "--max-model-len");
  requireContext(lengthsOf(inputs), asked !== undefined && /^\d+$/.test(asked) ? Number(asked) : null);
  try {
    await measureWith(engine, mode, inputs, tools);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (!(error instanceof EngineError) && (await readCells(inputs.output)).length === 0) throw error;
    tools.report.error(error.message);
    await recordUnmeasured(plans, inputs, failureOf(error, tools));
  }
}

async function measureWith(
  options: ReturnType<typeof engineOptions>,
  mode: "offline" | "server",
  inputs: Inputs,
  tools: Tools,
): Promise<void> {
  const { report } = tools;
  const sweep = () =>
    report.group("Latency sweep", () => latencySweep.run({ ...pick(latencySweep, inputs), mode }, tools));
  if (mode === "offline") await sweep();
  const engine = await report.group("Start engine", () => startEngine(options, tools));
  try {
    requireContext(lengthsOf(inputs), engine.maxModelLen);
    if (mode === "server") await sweep();
    await report.group("Serve benchmark", () => serveBenchmark.run(pick(serveBenchmark, inputs), tools));
  } finally {
    await stopEngine(engine);
  }
}

const lengthsOf = ({ inputLen, outputLen, pairs }: Inputs) => [{ inputLen, outputLen }, ...pairs];

function failureOf(error: UserError, { signal }: Tools): Failure {
  if (signal.aborted) return { reason: "cancelled", detail: "the run was cancelled" };
  if (!(error instanceof EngineError)) return { reason: "environment", detail: error.message };
  const { reason, detail, logTail } = error;
  return { reason, detail, ...(logTail === undefined ? {} : { logTail }) };
}

async function recordUnmeasured(plans: CellPlan[], inputs: Inputs, failure: Failure): Promise<void> {
  const measured = new Set((await readCells(inputs.output)).map(({ id }) => id));
  for (const plan of plans.filter(({ id }) => !measured.has(id))) {
    await writeCell(inputs.output, unmeasuredCell(plan, { kind: "pitwall", version: VERSION }, failure, new Date()));
  }
  const known = ["engine.json", "engine-offline.json"].some((name) => existsSync(join(inputs.output, name)));
  if (!known) await writeJson(join(inputs.output, "engine.json"), engineThatNeverWas(inputs));
}

function engineThatNeverWas({ engine, model, engineArgs }: Inputs): EngineRecord {
  return {
    schema: "pitwall.engine/1",
    kind: engine,
    baseUrl: null,
    model: model ?? "unknown",
    modelPath: model ?? "unknown",
    version: null,
    maxModelLen: null,
    dtype: null,
    args: engineArgs,
    command: [],
    pid: null,
    processStart: null,
    secondsToReady: null,
    startedAt: new Date().toISOString(),
    logFile: null,
  };
}

interface Stored {
  ok: boolean;
  outputs: Outcome["outputs"];
  lines: string[];
}

function notStored({ output }: Inputs, { report }: Tools): Stored {
  report.warning(`cancelled: the run document is kept in ${join(output, "run.json")} but not published`);
  return { ok: false, outputs: { published: false, sitePath: null }, lines: [] };
}

/** The run document is already safe on disk: a history or a site that cannot be written fails the run, but hides nothing. */
async function store(inputs: Inputs, tools: Tools): Promise<Stored> {
  try {
    return await publishAndBuild(inputs, tools);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    tools.report.error(error.message);
    return { ok: false, outputs: { published: false, sitePath: null }, lines: [] };
  }
}

async function publishAndBuild(inputs: Inputs, tools: Tools): Promise<Stored> {
  const { branch, output } = inputs;
  const { report, env } = tools;
  const inWorkflow = env.GITHUB_ACTIONS === "true";
  const database = inputs.database ?? (inWorkflow ? await originOf(process.cwd(), env) : LOCAL_DATABASE);
  const publishing = { ...pick(publish, inputs), run: [join(output, "run.json")], repository: database };
  await report.group("Publish", () => publish.run(publishing, tools));
  const lines = [`History   ${database}, branch ${branch}`];
  if (inputs.skipSite) return { ok: true, outputs: { published: true, sitePath: null }, lines };
  const building = { ...pick(buildSite, inputs), database: `${database}#${branch}` };
  const built = await report.group("Build site", () => buildSite.run(building, tools));
  const site = `Site      ${inputs.site}   open it with: npm run preview`;
  return { ok: true, outputs: { published: true, sitePath: built.outputs.sitePath ?? null }, lines: [...lines, site] };
}

async function accountOf({ output }: Inputs, totalSeconds: number): Promise<string> {
  return timeLine(timeAccount(await readCells(output), await readEngines(output), totalSeconds));
}

/** The inputs of one verb out of those of the whole pipeline. */
function pick<I extends z.ZodObject>(verb: { inputs: I }, inputs: Inputs): z.output<I> {
  const all: Record<string, unknown> = inputs;
  const own = Object.keys(verb.inputs.shape).filter((key) => key in all);
  return Object.fromEntries(own.map((key) => [key, all[key]])) as z.output<I>;
}
