import { glob, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { z } from "zod";
import { EngineError } from "../engine/engine-error.ts";
import { UsageError, UserError } from "../errors.ts";
import { CellWriter } from "../latency/cell-writer.ts";
import type { RecordedEngine } from "../latency/pytorch-record.ts";
import { iterationsOf, type SweepPlan } from "../latency/sweep.ts";
import { type SweepAxes, sweepCells } from "../latency/sweep-cells.ts";
import { cellsText } from "../report/terminal.ts";
import type { Cell } from "../result/cell.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import { gateCell } from "../result/gate.ts";
import { modelFacts } from "../result/model-facts.ts";
import type { Failure } from "../result/reason.ts";
import { clearCells } from "./cell-files.ts";
import type { CellPlan } from "./cell-plan.ts";
import { choice, commonInputs, flag, integer, integerList, parsedList, positiveNumber, text, words } from "./fields.ts";
import { engineInputs, refuseOwnArguments, workingFolder } from "./start-engine.ts";
import { measureOffline, measureServer, type OfflineEngine, serverFor } from "./sweep-engine.ts";
import { defineVerb, type Outcome, type Tools } from "./verb.ts";

function parseTemperature(value: string): number {
  if (/^\d+(\.\d+)?$/.test(value) && Number(value) <= 2) return Number(value);
  throw new UserError("must be a number from 0 to 2");
}

function parseTopP(value: string): number {
  if (/^\d+(\.\d+)?$/.test(value) && Number(value) > 0 && Number(value) <= 1) return Number(value);
  throw new UserError("must be a number above 0, up to 1");
}

export const latencyInputs = {
  ...commonInputs,
  mode: choice(
    ["offline", "server"],
    "Measure the engine inside one Python process, or a running server (default: server when one is there).",
  ).optional(),
  baseUrl: text("A running engine's URL, without /v1 (default: the one start-engine recorded).", "URL").optional(),
  model: text("Model to load (offline mode) or to name in requests.", "NAME").optional(),
  engineArgs: words("More engine arguments, as for `vllm serve` (offline mode).").default([]),
  startTimeout: positiveNumber("Seconds until the engine must be up (offline mode).", "SECONDS").default(300),
  workingDir: engineInputs.workingDir,
  envScript: engineInputs.envScript,
  onOom: engineInputs.onOom,
  batchSizes: integerList("Batch sizes: a list, a range, or a range with a step (1-8:2).").default([
    1, 2, 3, 4, 5, 6, 7, 8,
  ]),
  requestTimeout: positiveNumber(
    "Seconds until a request, or an iteration of the offline engine, counts as failed.",
    "SECONDS",
  ).default(600),
  inputLen: integerList("Input tokens a sequence; several give a grid.").default([512]),
  outputLen: integerList("Output tokens a sequence; several give a grid.").default([128]),
  warmup: integer("Warm-up iterations a batch size, not counted.", { min: 0 }).default(10),
  iterations: integer("Measured iterations a batch size.").default(30),
  seed: integer("Seed of the random prompts.", { min: 0 }).default(0),
  detokenize: flag("Turn output tokens into text, as vLLM's own latency benchmark does.").default(true),
  n: integerList("Sequences a prompt of the sweep, or the width of the beam; several give a grid.").default([1]),
  temperature: parsedList(parseTemperature, "Temperature of the sweep; several give a grid.", "NUMBER,…").default([1]),
  topP: parsedList(parseTopP, "Top-p of the sweep; several give a grid.", "NUMBER,…").default([1]),
  useBeamSearch: flag("Search beams instead of sampling, as vLLM's own latency benchmark can.").default(false),
  profile: flag("Profile one more batch of each cell with PyTorch's profiler (offline mode); not counted.").default(
    false,
  ),
};
const Inputs = z.strictObject(latencyInputs);
type Inputs = z.output<typeof Inputs>;

/**
 * The cells of a sweep, in the order in which they are measured.
 * @throws UsageError when the inputs do not fit together
 */
export function planSweep(inputs: Inputs, mode: "offline" | "server"): CellPlan[] {
  if (mode === "server" && inputs.profile) throw new UsageError("--profile needs the offline engine: --mode offline");
  const { iterations, warmup, seed } = inputs;
  // The driver turns it off, as vLLM's own latency benchmark does, unless it is asked for.
  const prefixCaching = inputs.engineArgs.includes("--enable-prefix-caching");
  const caching: CellPlan["params"] = mode === "offline" ? { prefixCaching } : {};
  // A profiler that was on for one cell may slow the next: such numbers are a series of their own.
  const profile: CellPlan["params"] = inputs.profile ? { profile: true } : {};
  return sweepCells(axesOf(inputs)).map(({ id, batchSize, inputLen, outputLen, sampling }) => {
    const { beamSearch, ...sampled } = sampling;
    const beam: CellPlan["params"] = beamSearch ? { beamSearch } : {};
    const asked = { mode, batchSize, inputLen, outputLen, iterations, warmup, seed, ...sampled, ...beam };
    return { id, benchmark: "latency-sweep", params: { ...asked, ...caching, ...profile } };
  });
}

/** Every pair of lengths that the sweep asks the engine's context to hold. */
export function sweepLengths({ inputLen, outputLen }: Pick<Inputs, "inputLen" | "outputLen">) {
  return inputLen.flatMap((input) => outputLen.map((output) => ({ inputLen: input, outputLen: output })));
}

/** A beam search of vLLM's latency benchmark is greedy, and always makes text. */
function axesOf(inputs: Inputs): SweepAxes {
  const { batchSizes, inputLen, outputLen, n, detokenize, useBeamSearch: beamSearch } = inputs;
  const [temperature, topP] = [[...new Set(inputs.temperature)], [...new Set(inputs.topP)]];
  const axes = { batchSizes, inputLen, outputLen, n, detokenize, beamSearch };
  if (!beamSearch && temperature.includes(0) && n.some((sequences) => sequences > 1)) {
    throw new UsageError("--temperature 0 gives the same sequence each time: leave out --n, or search beams");
  }
  if (!beamSearch) return { ...axes, temperature, topP };
  const isDefault = [...temperature, ...topP].every((value) => value === 1);
  if (!isDefault || !detokenize) {
    throw new UsageError(
      "--use-beam-search is greedy and makes text: leave out --temperature, --top-p, --no-detokenize",
    );
  }
  return { ...axes, temperature: [0], topP: [1] };
}

export const latencySweep = defineVerb({
  name: "latency-sweep",
  description: "Measures batch latency over a list of batch sizes with one engine.",
  inputs: Inputs,
  outputs: { cellsOk: "Batch sizes measured.", cellsFailed: "Batch sizes that failed or were left out." },
  async run(inputs, tools) {
    refuseOwnArguments(inputs.engineArgs);
    const engine = (await serverFor(inputs, sweepLengths(inputs))) ?? offlineEngine(inputs);
    const plans = planSweep(inputs, isOffline(engine) ? "offline" : "server");
    await clearCells(inputs.output, "latency-sweep");
    await clearRaw(inputs.output);
    const sweep = sweepPlan(inputs);
    const progress = tools.report.progress("Latency sweep", iterationsOf(sweep));
    const target = { plans, sweep, engine: recordedEngine(engine, inputs), output: inputs.output };
    const writer = new CellWriter(target, (done, note) => progress.update(done, note));
    try {
      await writer.finish(await measure(engine, inputs, sweep, writer, tools));
    } finally {
      progress.end();
    }
    return outcomeOf(writer.cells);
  },
});

function sweepPlan(inputs: Inputs): SweepPlan {
  const { warmup, iterations, seed, profile, output } = inputs;
  const profileDir = profile ? resolve(output, "raw", "profile") : null;
  return { cells: sweepCells(axesOf(inputs)), warmup, iterations, seed, profileDir };
}

/** What is measured; the error of a server that died is measured as what it is. */
type Target = EngineRecord | EngineError | OfflineEngine;

const isOffline = (engine: Target): engine is OfflineEngine => "kind" in engine && engine.kind === "offline";

function recordedEngine(engine: Target, inputs: Inputs): RecordedEngine {
  const { model, args } =
    isOffline(engine) || engine instanceof EngineError
      ? { model: inputs.model ?? "unknown", args: inputs.engineArgs }
      : engine;
  return { model, args, tensorParallel: modelFacts(model, args, null).tensorParallel };
}

async function measure(
  engine: Target,
  inputs: Inputs,
  plan: SweepPlan,
  writer: CellWriter,
  tools: Tools,
): Promise<Failure | undefined> {
  if (isOffline(engine)) return measureOffline(engine, plan, writer, tools);
  return engine instanceof EngineError ? engine.failure : measureServer(engine, inputs, plan, writer, tools);
}

/** As the inputs describe it. @throws UsageError when the working folder is none */
function offlineEngine(inputs: Inputs): OfflineEngine {
  const { model, engineArgs, startTimeout, requestTimeout, output, envScript, workingDir, onOom } = inputs;
  const neededContext = Math.max(...sweepLengths(inputs).map((lengths) => lengths.inputLen + lengths.outputLen));
  return {
    kind: "offline",
    ...{ model: model!, engineArgs, startTimeout, requestTimeout, output, envScript },
    ...(workingDir === undefined ? {} : { workingDir: workingFolder("vllm", workingDir) }),
    ...(onOom === "shrink" ? { onOom: { neededContext } } : {}),
  };
}

function outcomeOf(cells: Cell[]): Outcome {
  const gated = cells.map((cell) => gateCell(cell));
  const failed = gated.filter((cell) => cell.status !== "ok");
  return {
    ok: failed.length === 0,
    outputs: { cellsOk: cells.length - failed.length, cellsFailed: failed.length },
    text: cellsText(gated),
    annotations: failed.map((cell) => `${cell.id}: ${cell.reason}: ${cell.detail}`),
  };
}

/** Files of an earlier sweep, which nobody may take for this one's. */
async function clearRaw(output: string): Promise<void> {
  await rm(join(output, "engine-offline.json"), { force: true });
  for await (const file of glob("raw/latency*", { cwd: output })) await rm(join(output, file), { force: true });
  await rm(join(output, "raw", "profile"), { recursive: true, force: true });
}
