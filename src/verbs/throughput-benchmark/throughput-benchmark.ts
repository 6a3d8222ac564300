import { z } from "zod";
import { EngineError } from "../../engine/engine-error.ts";
import { UserError } from "../../errors.ts";
import { writeThroughputFiles } from "../../latency/throughput-files.ts";
import { PITWALL } from "../../package-root.ts";
import type { Cell } from "../../result/document/cell.ts";
import { CLIENT_LIMITS } from "../../result/gate/client-limits.ts";
import { present } from "../../result/present.ts";
import { modelFacts } from "../../result/series/model-facts.ts";
import type { Tools } from "../../tools.ts";
import { writeCell } from "../../working-folder/cells.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { outcomeOf } from "../benchmark/cells-outcome.ts";
import { recordDeadEngine } from "../benchmark/dead-engine.ts";
import { following } from "../benchmark/follow.ts";
import { type PreparedFolder, prepareFolder } from "../benchmark/prepare-folder.ts";
import { type Ready, readyToMeasure } from "../serve-benchmark/takes.ts";
import { checkEngineArguments } from "../start-engine/engine-arguments.ts";
import { withoutNoQuantization } from "../start-engine/no-quantization.ts";
import { serverFor } from "../sweep/engine.ts";
import { type OfflineJob, runOffline } from "../sweep/offline-job.ts";
import { offlineEngine, sweepLengths } from "../sweep/plan.ts";
import {
  plannedThroughput,
  type ThroughputInputs,
  throughputInputs,
  throughputLoads,
} from "../sweep/throughput-plan.ts";
import { defineVerb } from "../verb.ts";

export const throughputBenchmark = defineVerb({
  name: "throughput-benchmark",
  description: "Measures tokens a second when an engine is handed all requests at once.",
  inputs: z.strictObject(throughputInputs),
  outputs: { cellsOk: "Cells measured.", cellsFailed: "Cells that failed or were left out." },
  async run(given, tools) {
    const inputs = withoutNoQuantization(given, tools.report);
    checkEngineArguments(inputs);
    await using _hold = await holdFolder(inputs.output);
    await using _logs = following(inputs, tools);
    const engine = await serverFor(inputs, sweepLengths(inputs), tools);
    const planned = plannedThroughput(inputs, engine === undefined ? "offline" : "server");
    const plans = planned.map(({ plan }) => plan);
    const job = engine === undefined ? throughputJob(inputs) : undefined;
    const folder = await prepareFolder(inputs, plans, job?.engine ?? { kind: "server", engine: engine! }, tools);
    if (engine === undefined) return outcomeOf(await runOffline("Throughput", job!, folder, tools));
    const ready = await readyToMeasure(engine, throughputLoads(inputs), tools);
    if (ready instanceof EngineError) return outcomeOf(await recordDeadEngine(plans, PITWALL, ready, inputs.output));
    return outcomeOf(await served(ready, inputs, folder, tools));
  },
});

/** What the offline engine is told. */
export function throughputJob(inputs: ThroughputInputs): OfflineJob {
  const planned = plannedThroughput(inputs, "offline");
  const { seed, throughputTimeout: requestTimeout } = inputs;
  const cells = planned.map(({ cell }) => cell);
  return {
    engine: { ...offlineEngine({ ...inputs, requestTimeout }), name: "throughput-benchmark" },
    plan: { cells, warmup: 0, iterations: 0, seed, profileDir: null },
    plans: planned.map(({ plan }) => plan),
  };
}

async function served(
  { cells, engine }: Ready,
  inputs: ThroughputInputs,
  folder: PreparedFolder,
  tools: Tools,
): Promise<Cell[]> {
  const { output, telemetry, sampleInterval: intervalSeconds, clientThreads: threads } = inputs;
  const { baseUrl, model } = engine;
  if (baseUrl === null) throw new UserError("the recorded engine serves no requests; run start-engine first");
  // Loaded here, as for serving: the offline way needs none of it.
  const { pitwallClient } = await import("../../load/client/pitwall-client.ts");
  const { batchClient } = await import("../../load/client/batch-client.ts");
  const { measureCells } = await import("../../load/measure-cells.ts");
  const { watchTelemetry } = await import("../../telemetry/watch-telemetry.ts");
  // When a single request goes out, or an answer is read, is in no number here; whether the client could do it all is.
  const { utilization } = inputs.clientLimits ?? CLIENT_LIMITS;
  const limits = present({ utilization });
  const recorded = { model, args: engine.args, tensorParallel: modelFacts(model, engine.args, null).tensorParallel };
  return measureCells(cells, {
    title: "Throughput",
    engine,
    client: batchClient(pitwallClient({ baseUrl, model, limits, threads, warn: tools.report.warning })),
    tools,
    watchTelemetry: telemetry
      ? (_load, signal) => watchTelemetry({ engine, env: tools.env, signal, intervalSeconds })
      : undefined,
    onBegin: ({ plan }) => folder.makeRoom(plan.id),
    async onCell(cell) {
      await writeCell(output, cell);
      await writeThroughputFiles(cell, recorded, output);
    },
  });
}
