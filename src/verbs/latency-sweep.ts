import { existsSync } from "node:fs";
import { glob, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EngineError } from "../engine/engine-error.ts";
import { engineFile, resolveEngine } from "../engine/record.ts";
import { keepVigil } from "../engine/vigil.ts";
import { UsageError } from "../errors.ts";
import { writeJson } from "../files.ts";
import { CellWriter } from "../latency/cell-writer.ts";
import { sweepOffline } from "../latency/offline-sweep.ts";
import { iterationsOf, type SweepPlan, type SweepWatcher } from "../latency/sweep.ts";
import { cellsText } from "../report/terminal.ts";
import type { Cell } from "../result/cell.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import { gateCell } from "../result/gate.ts";
import type { Failure } from "../result/reason.ts";
import { clearCells } from "./cell-files.ts";
import type { CellPlan } from "./cell-plan.ts";
import { requireContext } from "./context-length.ts";
import { choice, commonInputs, flag, integer, integerList, positiveNumber, text, words } from "./fields.ts";
import { refuseOwnArguments } from "./start-engine.ts";
import { defineVerb, type Outcome, type Tools } from "./verb.ts";

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
  batchSizes: integerList("Batch sizes: a list, a range, or a range with a step (1-8:2).").default([
    1, 2, 3, 4, 5, 6, 7, 8,
  ]),
  requestTimeout: positiveNumber(
    "Seconds until a request, or an iteration of the offline engine, counts as failed.",
    "SECONDS",
  ).default(600),
  inputLen: integer("Input tokens a sequence.").default(512),
  outputLen: integer("Output tokens a sequence.").default(128),
  warmup: integer("Warm-up iterations a batch size, not counted.", { min: 0 }).default(10),
  iterations: integer("Measured iterations a batch size.").default(30),
  seed: integer("Seed of the random prompts.", { min: 0 }).default(0),
  detokenize: flag("Turn output tokens into text, as vLLM's own latency benchmark does.").default(true),
};
const Inputs = z.strictObject(latencyInputs);
type Inputs = z.output<typeof Inputs>;

/** vLLM's own latency benchmark samples like this; the document records it. */
const SAMPLING = { n: 1, temperature: 1, topP: 1 };

/** The cells of a sweep, one a batch size. */
export function planSweep(inputs: Inputs, mode: "offline" | "server"): CellPlan[] {
  const { inputLen, outputLen, iterations, warmup, seed, detokenize } = inputs;
  // The driver turns it off, as vLLM's own latency benchmark does, unless it is asked for.
  const prefixCaching = inputs.engineArgs.includes("--enable-prefix-caching");
  const caching: CellPlan["params"] = mode === "offline" ? { prefixCaching } : {};
  return inputs.batchSizes.map((batchSize) => ({
    id: `latency-sweep/in_${inputLen}_out_${outputLen}_bs_${batchSize}`,
    benchmark: "latency-sweep",
    params: { mode, batchSize, inputLen, outputLen, iterations, warmup, seed, ...SAMPLING, detokenize, ...caching },
  }));
}

export const latencySweep = defineVerb({
  name: "latency-sweep",
  description: "Measures batch latency over a list of batch sizes with one engine.",
  inputs: Inputs,
  outputs: { cellsOk: "Batch sizes measured.", cellsFailed: "Batch sizes that failed or were left out." },
  async run(inputs, tools) {
    refuseOwnArguments(inputs.engineArgs);
    const engine = await serverFor(inputs);
    const plans = planSweep(inputs, engine === undefined ? "offline" : "server");
    await clearCells(inputs.output, "latency-sweep");
    await clearRaw(inputs.output);
    const plan = sweepPlan(inputs);
    const progress = tools.report.progress("Latency sweep", iterationsOf(plan));
    const writer = new CellWriter(plans, inputs.output, (done, note) => progress.update(done, note));
    try {
      await writer.finish(await measure(engine, inputs, plan, writer, tools));
    } finally {
      progress.end();
    }
    return outcomeOf(writer.cells);
  },
});

function sweepPlan({ batchSizes, inputLen, outputLen, warmup, iterations, seed, detokenize }: Inputs): SweepPlan {
  return { batchSizes, inputLen, outputLen, warmup, iterations, seed, sampling: { ...SAMPLING, detokenize } };
}

async function measure(
  engine: EngineRecord | EngineError | undefined,
  inputs: Inputs,
  plan: SweepPlan,
  writer: CellWriter,
  tools: Tools,
): Promise<Failure | undefined> {
  if (engine === undefined) return offline(inputs, plan, writer, tools);
  if (!(engine instanceof EngineError)) return server(engine, inputs, plan, writer, tools);
  const { reason, detail, logTail } = engine;
  return { reason, detail, ...(logTail === undefined ? {} : { logTail }) };
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
}

/** The server to measure, the error of one that died, or undefined for the offline engine. */
async function serverFor(inputs: Inputs): Promise<EngineRecord | EngineError | undefined> {
  const { mode, output, baseUrl, model, inputLen, outputLen } = inputs;
  const recorded = baseUrl !== undefined || existsSync(engineFile(output));
  if (mode === "offline" || (mode === undefined && !recorded)) {
    if (baseUrl !== undefined) throw new UsageError("--base-url names a server; leave it out or use --mode server");
    if (model !== undefined) return undefined;
    throw new UsageError("name a --model for the offline engine, or start a server first: pitwall start-engine");
  }
  const engine = await resolveEngine({ output, baseUrl, model }).catch((error: unknown) => {
    if (error instanceof EngineError) return error;
    throw error;
  });
  if (!(engine instanceof EngineError)) requireContext([{ inputLen, outputLen }], engine.maxModelLen);
  return engine;
}

async function server(
  engine: EngineRecord,
  { requestTimeout }: Inputs,
  plan: SweepPlan,
  writer: CellWriter,
  tools: Tools,
): Promise<Failure | undefined> {
  const vigil = keepVigil(engine, tools.signal);
  const watcher: SweepWatcher = {
    onIteration: writer.onIteration,
    async onSize(result) {
      // A dead engine refuses at once: without a look here, several sizes would fail before the watch sees it.
      if (result.status === "failed") await vigil.inquest();
      await writer.onSize(result);
    },
  };
  // Loaded here: the HTTP client costs a third of the command line's start-up.
  const { sweepServer } = await import("../latency/server-sweep.ts");
  try {
    const target = { baseUrl: engine.baseUrl!, model: engine.model, requestTimeout };
    await sweepServer(target, plan, watcher, vigil.signal);
  } finally {
    vigil.close();
  }
  return vigil.cause();
}

async function offline(
  inputs: Inputs,
  plan: SweepPlan,
  writer: CellWriter,
  tools: Tools,
): Promise<Failure | undefined> {
  const { model, engineArgs, startTimeout, requestTimeout, output } = inputs;
  const startedAt = new Date().toISOString();
  const end = await sweepOffline(
    { model: model!, engineArgs, startTimeout, requestTimeout, output },
    plan,
    writer,
    tools,
  );
  if (end.engine !== undefined) {
    const record: EngineRecord = {
      schema: "pitwall.engine/1",
      kind: "vllm",
      baseUrl: null,
      model: model!,
      modelPath: model!,
      version: end.engine.version,
      maxModelLen: end.engine.maxModelLen,
      dtype: end.engine.dtype,
      args: engineArgs,
      command: [],
      pid: null,
      processStart: null,
      secondsToReady: end.engine.seconds,
      startedAt,
      logFile: end.logFile,
    };
    await writeJson(join(output, "engine-offline.json"), record);
  }
  return end.failure;
}
