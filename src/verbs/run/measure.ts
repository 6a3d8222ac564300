import { existsSync } from "node:fs";
import type { Engine } from "../../engine/engine.ts";
import { EngineError } from "../../engine/engine-error.ts";
import { engineRecordFiles } from "../../engine/record.ts";
import { checkReleased } from "../../engine/released.ts";
import { withMaxModelLen } from "../../engine/shrink.ts";
import { startEngine } from "../../engine/start.ts";
import { stopEngine } from "../../engine/stop.ts";
import { refuseForeignArguments } from "../../engine/vllm/version.ts";
import { UsageError, UserError } from "../../errors.ts";
import { readJson, writeJson } from "../../files.ts";
import { PITWALL } from "../../package-root.ts";
import { BENCHMARKS } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { EngineRecord } from "../../result/document/engine-record.ts";
import { CANCELLED, type Failure } from "../../result/document/reason.ts";
import { unmeasuredCell } from "../../result/document/unmeasured-cell.ts";
import { argumentValue } from "../../result/series/model-facts.ts";
import type { Tools } from "../../tools.ts";
import { readCells, writeCell } from "../../working-folder/cells.ts";
import { engineFile, offlineEngineFile } from "../../working-folder/names.ts";
import { requireContext } from "../benchmark/context-length.ts";
import { placeholderRecord } from "../benchmark/placeholder-record.ts";
import { engineOptions } from "../start-engine/options.ts";
import { RUN_BENCHMARKS, type RunBenchmark, sharingEngines } from "./benchmarks.ts";
import type { RunInputs } from "./inputs.ts";

interface RunPlan {
  mode: "offline" | "server";
  benchmarks: RunBenchmark[];
  cells: CellPlan[];
  engine: Engine;
}

/** What a run is going to do. @throws UsageError before anything is touched, when the inputs do not fit together */
export async function planRun(inputs: RunInputs): Promise<RunPlan> {
  const mode = inputs.mode ?? (inputs.engine === "vllm" ? "offline" : "server");
  if (mode === "offline" && (inputs.engine === "docker" || inputs.engine === "kubernetes")) {
    throw new UsageError(`--mode offline runs vLLM in a process here; with --engine ${inputs.engine} leave it out`);
  }
  const benchmarks = sharingEngines(benchmarksOf(inputs), mode, inputs);
  const lengths = lengthsOf(benchmarks, inputs);
  const engine = engineOptions({ ...inputs, inputLen: [], outputLen: [], pairs: lengths });
  const cells: CellPlan[] = [];
  for (const benchmark of benchmarks) cells.push(...(await benchmark.plan(inputs, mode)));
  const asked = argumentValue(inputs.engineArgs, "--max-model-len");
  requireContext(lengths, asked !== undefined && /^\d+$/.test(asked) ? Number(asked) : null);
  return { mode, benchmarks, engine, cells };
}

/** Each once, in the order in which they are measured. */
function benchmarksOf({ benchmarks: asked }: RunInputs): RunBenchmark[] {
  const names = BENCHMARKS.flatMap((name) => asked.find((one) => one === name) ?? []);
  return names.map((name) => RUN_BENCHMARKS[name]);
}

const lengthsOf = (benchmarks: readonly RunBenchmark[], inputs: RunInputs) =>
  benchmarks.flatMap((benchmark) => benchmark.lengths(inputs));

/**
 * One server for all that it can serve; engines inside benchmarks and the server take turns on the same GPU. Whatever stops
 * it once something was planned for an engine that does not come up, or measured, is part of the document and no reason to
 * lose it.
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

async function measureWith({ engine: options, mode, benchmarks }: RunPlan, inputs: RunInputs, tools: Tools) {
  const measureAll = async (some: readonly RunBenchmark[]) => {
    for (const { title, run } of some) await tools.report.group(title, () => run(inputs, mode, tools));
  };
  const alone = benchmarks.filter((benchmark) => benchmark.hasOwnEngine(mode));
  const served = benchmarks.filter((benchmark) => !alone.includes(benchmark));
  // The server would refuse them only after all that comes before it.
  if (alone.length > 0 && served.length > 0) await refuseForeignArguments(options, tools.env);
  await measureAll(alone);
  if (served.length === 0) return;
  // To stop a server that has just begun to start would take the seconds that a runner gives a cancelled job.
  if (tools.signal.aborted) throw new EngineError(CANCELLED);
  const server = await withLengthOfSweep(options);
  const engine = await tools.report.group("Start engine", () => startEngine(server, tools));
  try {
    requireRoom(lengthsOf(served, inputs), engine);
    await measureAll(served);
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

function failureOf(error: UserError, { signal }: Tools): Failure {
  if (signal.aborted) return CANCELLED;
  return error instanceof EngineError ? error.failure : { reason: "environment", detail: error.message };
}

async function recordUnmeasured(plans: CellPlan[], inputs: RunInputs, failure: Failure): Promise<void> {
  const measured = new Set((await readCells(inputs.output)).map(({ id }) => id));
  for (const plan of plans.filter(({ id }) => !measured.has(id))) {
    await writeCell(inputs.output, unmeasuredCell(plan, PITWALL, failure, new Date()));
  }
  const isKnown = engineRecordFiles(inputs.output).length > 0;
  if (!isKnown) await writeJson(engineFile(inputs.output), placeholderRecord(inputs));
}
