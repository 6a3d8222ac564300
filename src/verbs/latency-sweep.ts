import { z } from "zod";
import { EngineError } from "../engine/engine-error.ts";
import { CellWriter } from "../latency/cell-writer.ts";
import type { RecordedEngine } from "../latency/pytorch-record.ts";
import { iterationsOf, type SweepPlan } from "../latency/sweep.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import { modelFacts } from "../result/model-facts.ts";
import type { Failure } from "../result/reason.ts";
import { outcomeOf } from "./cells-outcome.ts";
import { following } from "./follow.ts";
import { holdFolder } from "./hold-folder.ts";
import { withoutNoQuantization } from "./start-engine/no-quantization.ts";
import { refuseOwnArguments } from "./start-engine/own-arguments.ts";
import { measureOffline, measureServer, type OfflineEngine, serverFor } from "./sweep/engine.ts";
import { latencyInputs, offlineEngine, planSweep, sweepLengths, sweepPlan } from "./sweep/plan.ts";
import { defineVerb, type Tools } from "./verb.ts";
import { prepareFolder } from "./working-folder/prepare.ts";

const Inputs = z.strictObject(latencyInputs);
type Inputs = z.output<typeof Inputs>;

export const latencySweep = defineVerb({
  name: "latency-sweep",
  description: "Measures batch latency over a list of batch sizes with one engine.",
  inputs: Inputs,
  outputs: { cellsOk: "Batch sizes measured.", cellsFailed: "Batch sizes that failed or were left out." },
  async run(given, tools) {
    const inputs = withoutNoQuantization(given, tools.report);
    refuseOwnArguments(inputs.engineArgs);
    await using _hold = await holdFolder(inputs.output);
    await using _logs = following(inputs, tools);
    const engine = (await serverFor(inputs, sweepLengths(inputs), tools)) ?? offlineEngine(inputs);
    const plans = planSweep(inputs, isOffline(engine) ? "offline" : "server");
    const folder = await prepareFolder(inputs, plans, isOffline(engine) ? engine : { kind: "server", engine }, tools);
    const sweep = sweepPlan(inputs);
    const progress = tools.report.progress("Latency sweep", iterationsOf(sweep));
    const target = { plans, sweep, engine: recordedEngine(engine, inputs), output: inputs.output, folder };
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
