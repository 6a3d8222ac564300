import { glob, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { EngineError } from "../engine/engine-error.ts";
import { CellWriter } from "../latency/cell-writer.ts";
import type { RecordedEngine } from "../latency/pytorch-record.ts";
import { iterationsOf, type SweepPlan } from "../latency/sweep.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import { modelFacts } from "../result/model-facts.ts";
import type { Failure } from "../result/reason.ts";
import { clearCells } from "./cell-files.ts";
import { outcomeOf } from "./cells-outcome.ts";
import { holdFolder } from "./hold-folder.ts";
import { refuseOwnArguments } from "./start-engine/own-arguments.ts";
import { measureOffline, measureServer, type OfflineEngine, serverFor } from "./sweep/engine.ts";
import { forgetOfflineEngine, refuseOtherEngine } from "./sweep/offline-engine.ts";
import { latencyInputs, offlineEngine, planSweep, sweepLengths, sweepPlan } from "./sweep/plan.ts";
import { defineVerb, type Tools } from "./verb.ts";

const Inputs = z.strictObject(latencyInputs);
type Inputs = z.output<typeof Inputs>;

export const latencySweep = defineVerb({
  name: "latency-sweep",
  description: "Measures batch latency over a list of batch sizes with one engine.",
  inputs: Inputs,
  outputs: { cellsOk: "Batch sizes measured.", cellsFailed: "Batch sizes that failed or were left out." },
  async run(inputs, tools) {
    refuseOwnArguments(inputs.engineArgs);
    await using _hold = await holdFolder(inputs.output);
    const engine = (await serverFor(inputs, sweepLengths(inputs), tools)) ?? offlineEngine(inputs);
    if (isOffline(engine)) await refuseOtherEngine(inputs, "throughput-benchmark");
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

/** Files of an earlier sweep, which nobody may take for this one's. */
async function clearRaw(output: string): Promise<void> {
  await forgetOfflineEngine(output, "throughput-benchmark");
  for await (const file of glob("raw/latency*", { cwd: output })) await rm(join(output, file), { force: true });
  await rm(join(output, "raw", "profile"), { recursive: true, force: true });
}
