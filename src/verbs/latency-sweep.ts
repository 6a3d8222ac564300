import { glob, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { loadEngineRecord, resolveEngine } from "../engine/record.ts";
import { keepVigil } from "../engine/vigil.ts";
import { UsageError } from "../errors.ts";
import { writeJson } from "../files.ts";
import { sizeCell, unmeasuredCell } from "../latency/cells.ts";
import { sweepOffline } from "../latency/offline-sweep.ts";
import { iterationsOf, type SizeResult, type SweepPlan, type SweepWatcher } from "../latency/sweep.ts";
import { VERSION } from "../package-root.ts";
import type { Cell } from "../result/cell.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import type { Failure } from "../result/reason.ts";
import { vllmLatencyFile } from "../result/vllm-file.ts";
import { clearCells, writeCell } from "./cell-files.ts";
import type { CellPlan } from "./cell-plan.ts";
import { requireContext } from "./context-length.ts";
import { choice, commonInputs, flag, integer, integerList, positiveNumber, text, words } from "./fields.ts";
import { defineVerb, type Tools } from "./verb.ts";

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
  inputLen: integer("Input tokens a sequence.").default(512),
  outputLen: integer("Output tokens a sequence.").default(128),
  warmup: integer("Warm-up iterations a batch size, not counted.", { min: 0 }).default(10),
  iterations: integer("Measured iterations a batch size.").default(30),
  seed: integer("Seed of the random prompts.", { min: 0 }).default(0),
  detokenize: flag("Turn output tokens into text, as vLLM's own latency benchmark does.").default(true),
};
const Inputs = z.strictObject(latencyInputs);
type Inputs = z.output<typeof Inputs>;

const CLIENT = { kind: "pitwall", version: VERSION };
/** vLLM's own latency benchmark samples like this; the document records it. */
const SAMPLING = { n: 1, temperature: 1, topP: 1 };

/** The cells of a sweep, one a batch size. */
export function planSweep(inputs: Inputs, mode: "offline" | "server"): CellPlan[] {
  const { inputLen, outputLen, iterations, warmup, seed, detokenize } = inputs;
  return inputs.batchSizes.map((batchSize) => ({
    id: `latency-sweep/in_${inputLen}_out_${outputLen}_bs_${batchSize}`,
    benchmark: "latency-sweep",
    params: { mode, batchSize, inputLen, outputLen, iterations, warmup, seed, ...SAMPLING, detokenize },
  }));
}

/** Turns results into cells and vLLM-shaped raw files as they come; afterwards, what is missing into failed cells. */
class CellWriter implements SweepWatcher {
  readonly cells: Cell[] = [];
  readonly #held: SizeResult[] = [];
  readonly #plans: CellPlan[];
  readonly #inputs: Inputs;
  readonly onIteration: SweepWatcher["onIteration"];

  constructor(plans: CellPlan[], inputs: Inputs, onIteration: SweepWatcher["onIteration"]) {
    this.#plans = plans;
    this.#inputs = inputs;
    this.onIteration = onIteration;
  }

  async onSize(result: SizeResult): Promise<void> {
    // A failed size waits: only the end of the sweep tells whether the engine or the size was to blame.
    if (result.status === "failed") this.#held.push(result);
    else await this.#write(sizeCell(this.#planOf(result.batchSize), result, CLIENT));
    if (result.status !== "measured") return;
    await writeJson(
      join(this.#inputs.output, "raw", `latency_bs${result.batchSize}.json`),
      vllmLatencyFile(result.latenciesS),
    );
  }

  async finish(failure: Failure | undefined): Promise<void> {
    const last = this.#held.at(-1);
    for (const result of this.#held) {
      const ended = result === last ? failure : undefined;
      await this.#write(sizeCell(this.#planOf(result.batchSize), result, CLIENT, ended));
    }
    const missing = this.#plans.filter((plan) => !this.cells.some((cell) => cell.id === plan.id));
    const cause = failure ?? {
      reason: "client_failed" as const,
      detail: "the sweep ended without measuring this size",
    };
    for (const plan of missing) await this.#write(unmeasuredCell(plan, CLIENT, cause, new Date()));
  }

  async #write(cell: Cell): Promise<void> {
    this.cells.push(cell);
    await writeCell(this.#inputs.output, cell);
  }

  #planOf(batchSize: number): CellPlan {
    return this.#plans.find((plan) => plan.params.batchSize === batchSize)!;
  }
}

export const latencySweep = defineVerb({
  name: "latency-sweep",
  description: "Measures batch latency over a list of batch sizes with one engine.",
  inputs: Inputs,
  outputs: { cellsOk: "Batch sizes measured.", cellsFailed: "Batch sizes that failed or were left out." },
  async run(inputs, tools) {
    const engine = await serverFor(inputs);
    const mode = engine === undefined ? "offline" : "server";
    await clearCells(inputs.output, "latency-sweep");
    await clearRaw(inputs.output);
    const plans = planSweep(inputs, mode);
    const { inputLen, outputLen, batchSizes, warmup, iterations, seed, detokenize } = inputs;
    const plan: SweepPlan = {
      batchSizes,
      inputLen,
      outputLen,
      warmup,
      iterations,
      seed,
      sampling: { ...SAMPLING, detokenize },
    };
    const progress = tools.report.progress("Latency sweep", iterationsOf(plan));
    const writer = new CellWriter(plans, inputs, (done, note) => progress.update(done, note));
    try {
      const failure =
        engine === undefined ? await offline(inputs, plan, writer, tools) : await server(engine, plan, writer, tools);
      await writer.finish(failure);
    } finally {
      progress.end();
    }
    const failed = writer.cells.filter((cell) => cell.status !== "measured");
    return {
      ok: failed.length === 0,
      outputs: { cellsOk: writer.cells.length - failed.length, cellsFailed: failed.length },
      annotations: failed.map((cell) => `${cell.id}: ${cell.reason}: ${cell.detail}`),
    };
  },
});

/** Files of an earlier sweep, which nobody may take for this one's. */
async function clearRaw(output: string): Promise<void> {
  await rm(join(output, "engine-offline.json"), { force: true });
  for await (const file of glob("raw/latency*", { cwd: output })) await rm(join(output, file), { force: true });
}

/** The server to measure, or undefined for the offline engine. */
async function serverFor(inputs: Inputs): Promise<EngineRecord | undefined> {
  const { mode, output, baseUrl, model, inputLen, outputLen } = inputs;
  const recorded = baseUrl !== undefined || (await loadEngineRecord(output).catch(() => undefined)) !== undefined;
  if (mode === "offline" || (mode === undefined && !recorded)) {
    if (baseUrl !== undefined) throw new UsageError("--base-url names a server; leave it out or use --mode server");
    if (model !== undefined) return undefined;
    throw new UsageError("name a --model for the offline engine, or start a server first: pitwall start-engine");
  }
  const engine = await resolveEngine({ output, baseUrl, model });
  requireContext([{ inputLen, outputLen }], engine.maxModelLen);
  return engine;
}

async function server(
  engine: EngineRecord,
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
    await sweepServer({ baseUrl: engine.baseUrl!, model: engine.model }, plan, watcher, vigil.signal);
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
  const { model, engineArgs, startTimeout, output } = inputs;
  const startedAt = new Date().toISOString();
  const end = await sweepOffline({ model: model!, engineArgs, startTimeout, output }, plan, writer, tools);
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
