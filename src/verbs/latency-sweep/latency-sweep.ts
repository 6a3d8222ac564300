import { z } from "zod";
import { EngineError, orEngineError } from "../../engine/engine-error.ts";
import { CellWriter } from "../../latency/cell-writer.ts";
import type { RecordedEngine } from "../../latency/pytorch-record.ts";
import { iterationsOf, type SweepPlan } from "../../latency/sweep.ts";
import { withTakes } from "../../result/document/cell-plan.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Failure } from "../../result/document/reason.ts";
import type { Takes } from "../../result/document/takes.ts";
import { modelFacts } from "../../result/series/model-facts.ts";
import type { Tools } from "../../tools.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { outcomeOf } from "../benchmark/cells-outcome.ts";
import { following } from "../benchmark/follow.ts";
import { prepareFolder } from "../benchmark/prepare-folder.ts";
import { checkEngineArguments } from "../start-engine/engine-arguments.ts";
import { withoutNoQuantization } from "../start-engine/no-quantization.ts";
import { measureOffline, measureServer, type OfflineEngine, serverFor, sweepTakes } from "../sweep/engine.ts";
import { latencyInputs, offlineEngine, planSweep, sweepLengths, sweepPlan } from "../sweep/plan.ts";
import { defineVerb } from "../verb.ts";

const Inputs = z.strictObject(latencyInputs);
type Inputs = z.output<typeof Inputs>;

export const latencySweep = defineVerb({
  name: "latency-sweep",
  description: "Measures batch latency over a list of batch sizes with one engine.",
  inputs: Inputs,
  outputs: { cellsOk: "Batch sizes measured.", cellsFailed: "Batch sizes that failed or were left out." },
  async run(given, tools) {
    const inputs = withoutNoQuantization(given, tools.report);
    checkEngineArguments(inputs);
    await using _hold = await holdFolder(inputs.output);
    await using _logs = following(inputs, tools);
    const found = (await serverFor(inputs, sweepLengths(inputs), tools)) ?? offlineEngine(inputs);
    const planned = planSweep(inputs, isOffline(found) ? "offline" : "server");
    const folder = await prepareFolder(
      inputs,
      planned,
      isOffline(found) ? found : { kind: "server", engine: found },
      tools,
    );
    const sweep = sweepPlan(inputs);
    const { engine, takes } = await askedFirst(found, sweep, inputs, tools);
    const plans = planned.map((plan) => withTakes(plan, takes));
    const progress = tools.report.progress("Latency sweep", iterationsOf(sweep));
    const target = { plans, sweep, engine: recordedEngine(engine, inputs), output: inputs.output, folder };
    const writer = new CellWriter(target, (done, note) => progress.update(done, note));
    try {
      await writer.finish(await measure(engine, { ...inputs, takes }, sweep, writer, tools));
    } finally {
      progress.end();
    }
    return outcomeOf(writer.cells);
  },
});

/** What is measured; the error of a server that died is measured as what it is. */
type Target = EngineRecord | EngineError | OfflineEngine;

/** A server is asked first what it takes; one that cannot be measured counts as dead. */
async function askedFirst(
  engine: Target,
  sweep: SweepPlan,
  { requestTimeout }: Inputs,
  tools: Tools,
): Promise<{ engine: Target; takes?: Takes | undefined }> {
  if (isOffline(engine) || engine instanceof EngineError) return { engine };
  const takes = await orEngineError(sweepTakes(engine, sweep, requestTimeout, tools));
  return takes instanceof EngineError ? { engine: takes } : { engine, takes };
}

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
  inputs: Inputs & { takes: Takes | undefined },
  plan: SweepPlan,
  writer: CellWriter,
  tools: Tools,
): Promise<Failure | undefined> {
  if (isOffline(engine)) return measureOffline(engine, plan, writer, tools);
  return engine instanceof EngineError ? engine.failure : measureServer(engine, inputs, plan, writer, tools);
}
