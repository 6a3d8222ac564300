import { existsSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../engine/engine-error.ts";
import { offlineEngineFile } from "../engine/record.ts";
import { checkReleased } from "../engine/released.ts";
import { withMaxModelLen } from "../engine/shrink.ts";
import { type Engine, startEngine } from "../engine/start.ts";
import { stopEngine } from "../engine/stop.ts";
import { refuseForeignArguments } from "../engine/vllm-version.ts";
import { UsageError, UserError } from "../errors.ts";
import { readJson, writeJson } from "../files.ts";
import { unmeasuredCell } from "../latency/cells.ts";
import { VERSION } from "../package-root.ts";
import { EngineRecord } from "../result/engine-record.ts";
import { argumentValue } from "../result/model-facts.ts";
import type { Failure } from "../result/reason.ts";
import { readCells, writeCell } from "./cell-files.ts";
import type { CellPlan } from "./cell-plan.ts";
import { requireContext } from "./context-length.ts";
import { latencySweep, planSweep, sweepLengths } from "./latency-sweep.ts";
import { pick, type RunInputs } from "./run-inputs.ts";
import { serveBenchmark } from "./serve-benchmark.ts";
import { planServing } from "./serving-plan.ts";
import { engineOptions } from "./start-engine.ts";
import type { Tools } from "./verb.ts";

interface RunPlan {
  mode: "offline" | "server";
  cells: CellPlan[];
  engine: Engine;
}

/** What a run is going to do. @throws UsageError before anything is touched, when the inputs do not fit together */
export async function planRun(inputs: RunInputs): Promise<RunPlan> {
  const mode = inputs.mode ?? (inputs.engine === "vllm" ? "offline" : "server");
  if (mode === "offline" && inputs.engine === "docker") {
    throw new UsageError("--mode offline runs vLLM in a process here; with --engine docker leave it out");
  }
  const engine = engineOptions(inputs);
  const cells = [...planSweep(inputs, mode), ...(await planServing(inputs))];
  const asked = argumentValue(inputs.engineArgs, "--max-model-len");
  requireContext(lengthsOf(inputs), asked !== undefined && /^\d+$/.test(asked) ? Number(asked) : null);
  return { mode, engine, cells };
}

/**
 * One engine start for everything; the offline engine and the server take turns on the same GPU. Whatever stops it once
 * something was planned for an engine that does not come up, or measured, is part of the document and no reason to lose it.
 * @returns whether an engine did not come up, which is not the same as a cancelled start
 */
export async function measureRun(plan: RunPlan, inputs: RunInputs, tools: Tools): Promise<{ startFailed: boolean }> {
  try {
    await measureWith(plan, inputs, tools);
    return { startFailed: false };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const isKnown = error instanceof EngineError || error instanceof NoRoom;
    if (!isKnown && (await readCells(inputs.output)).length === 0) throw error;
    tools.report.error(error.message);
    await recordUnmeasured(plan.cells, inputs, failureOf(error, tools));
    return { startFailed: error instanceof EngineError && !tools.signal.aborted };
  }
}

/** What only the engine could tell, after a start that may take minutes: it is part of the document. */
class NoRoom extends UserError {}

async function measureWith({ engine: options, mode }: RunPlan, inputs: RunInputs, tools: Tools): Promise<void> {
  const { report } = tools;
  const sweep = () =>
    report.group("Latency sweep", () => latencySweep.run({ ...pick(latencySweep, inputs), mode }, tools));
  if (mode === "offline") {
    // The server would refuse them only after the sweep.
    await refuseForeignArguments(options, tools.env);
    await sweep();
    // To stop a server that has just begun to start would take the seconds that a runner gives a cancelled job.
    if (tools.signal.aborted) throw new EngineError(CANCELLED);
  }
  const server = await withLengthOfSweep(options);
  const engine = await report.group("Start engine", () => startEngine(server, tools));
  try {
    requireRoom(mode === "server" ? lengthsOf(inputs) : inputs.pairs, engine);
    if (mode === "server") await sweep();
    await report.group("Serve benchmark", () => serveBenchmark.run(pick(serveBenchmark, inputs), tools));
  } finally {
    await stopEngine(engine);
    await checkReleased(engine, tools);
  }
}

/**
 * Where the sweep's engine had to be shrunk, the server begins with its length if the requests fit into that: it would run
 * out of memory too, and a run is better of one length than of two.
 */
async function withLengthOfSweep(options: Engine): Promise<Engine> {
  const file = offlineEngineFile(options.output);
  if (options.kind !== "vllm" || options.onOom === undefined || !existsSync(file)) return options;
  const { shrunk } = await readJson(file, EngineRecord);
  if (shrunk === undefined || shrunk.to < options.onOom.neededContext) return options;
  return { ...options, shrunk, engineArgs: withMaxModelLen(options.engineArgs, shrunk.to) };
}

function requireRoom(lengths: Parameters<typeof requireContext>[0], { maxModelLen }: EngineRecord): void {
  try {
    requireContext(lengths, maxModelLen);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new NoRoom(error.message, { cause: error });
  }
}

const lengthsOf = (inputs: RunInputs) => [...sweepLengths(inputs), ...inputs.pairs];

const CANCELLED = { reason: "cancelled", detail: "the run was cancelled" } as const;

function failureOf(error: UserError, { signal }: Tools): Failure {
  if (signal.aborted) return CANCELLED;
  return error instanceof EngineError ? error.failure : { reason: "environment", detail: error.message };
}

async function recordUnmeasured(plans: CellPlan[], inputs: RunInputs, failure: Failure): Promise<void> {
  const measured = new Set((await readCells(inputs.output)).map(({ id }) => id));
  for (const plan of plans.filter(({ id }) => !measured.has(id))) {
    await writeCell(inputs.output, unmeasuredCell(plan, { kind: "pitwall", version: VERSION }, failure, new Date()));
  }
  const known = ["engine.json", "engine-offline.json"].some((name) => existsSync(join(inputs.output, name)));
  if (!known) await writeJson(join(inputs.output, "engine.json"), engineThatNeverWas(inputs));
}

function engineThatNeverWas({ engine, model, engineArgs, image }: RunInputs): EngineRecord {
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
    ...(image === undefined ? {} : { image }),
  };
}
