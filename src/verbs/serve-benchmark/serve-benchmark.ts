import { z } from "zod";
import { EngineError, orEngineError } from "../../engine/engine-error.ts";
import { sourcedEnvironment } from "../../engine/launch/sourced-environment.ts";
import { resolveEngine } from "../../engine/record.ts";
import { UserError } from "../../errors.ts";
import type { ServingClient, ServingLoad } from "../../load/client/serving-client.ts";
import { vllmClient } from "../../load/client/vllm-client.ts";
import { measureCells } from "../../load/measure-cells.ts";
import type { ServingCell } from "../../load/strategy/serving-cell.ts";
import { PITWALL } from "../../package-root.ts";
import type { Cell } from "../../result/document/cell.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { CLIENT_LIMITS } from "../../result/gate/client-limits.ts";
import { watchTelemetry } from "../../telemetry/watch-telemetry.ts";
import type { Tools } from "../../tools.ts";
import { writeCell } from "../../working-folder/cells.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { distinctPrompts } from "../../workload/prompts.ts";
import { intendedHits } from "../../workload/shared-parts.ts";
import { outcomeOf } from "../benchmark/cells-outcome.ts";
import { requireContext } from "../benchmark/context-length.ts";
import { recordDeadEngine } from "../benchmark/dead-engine.ts";
import { following } from "../benchmark/follow.ts";
import { prepareFolder } from "../benchmark/prepare-folder.ts";
import { defineVerb } from "../verb.ts";
import { type ServingInputs, servingInputs } from "./inputs.ts";
import { refuseStrayMinutes } from "./loads.ts";
import { servingCells } from "./plan.ts";
import { rawFolderOf, writeRequestFiles } from "./request-files.ts";
import { readyToMeasure } from "./takes.ts";

export const serveBenchmark = defineVerb({
  name: "serve-benchmark",
  description: "Measures online serving: latencies and throughput at request rates or concurrencies.",
  inputs: z.strictObject(servingInputs),
  outputs: {
    cellsOk: "Cells in which every request ended as asked.",
    cellsFailed: "Cells that failed or were left out.",
  },
  refuse: refuseStrayMinutes,
  async run(inputs, tools) {
    await using _hold = await holdFolder(inputs.output);
    const planned = await servingCells(inputs);
    const { output, baseUrl, model, startTimeout } = inputs;
    const resolved = await orEngineError(resolveEngine({ output, baseUrl, model, startTimeout }, tools));
    if (!(resolved instanceof EngineError)) requireContext(longestLengths(planned), resolved.maxModelLen);
    const plans = planned.map(({ plan }) => plan);
    const folder = await prepareFolder(inputs, plans, { kind: "server", engine: resolved }, tools);
    await using _logs = following(inputs, tools);
    const ready = await readyToMeasure(resolved, planned, inputs.client === "pitwall" ? tools : undefined);
    if (ready instanceof EngineError) {
      const identity = inputs.client === "pitwall" ? PITWALL : { kind: inputs.client, version: "unknown" };
      return outcomeOf(await recordDeadEngine(plans, identity, ready, output));
    }
    const { engine, cells } = ready;
    warnOfRepeatedPrompts(cells, tools);
    const onBegin = ({ plan }: ServingCell) => folder.makeRoom(plan.id);
    const onCell = async (cell: Cell) => {
      await writeCell(output, cell);
      await writeRequestFiles(cell, inputs, engine);
    };
    const client = await clientOf(inputs, engine, tools);
    const telemetry = telemetryOf(inputs, engine, tools);
    const watching = { client, tools, watchTelemetry: telemetry, onBegin, onCell };
    const session = { title: "Serve benchmark", engine, ...watching };
    return outcomeOf(await measureCells(cells, session));
  },
});

async function clientOf(inputs: ServingInputs, engine: EngineRecord, { env, report }: Tools): Promise<ServingClient> {
  const { client, output, clientLimits, clientThreads: threads, envScript } = inputs;
  const { baseUrl, model } = engine;
  if (baseUrl === null) throw new UserError("the recorded engine serves no requests; run start-engine first");
  if (client === "pitwall") {
    const { pitwallClient } = await import("../../load/client/pitwall-client.ts");
    const limits = clientLimits ?? CLIENT_LIMITS;
    return pitwallClient({ baseUrl, model, limits, threads, warn: report.warning });
  }
  return vllmClient({
    engine: { ...engine, baseUrl },
    rawFolder: rawFolderOf(output),
    output,
    args: inputs.clientArgs,
    env: await sourcedEnvironment(envScript, env),
  });
}

function telemetryOf(
  { telemetry, sampleInterval: intervalSeconds }: ServingInputs,
  engine: EngineRecord,
  { env }: Tools,
) {
  if (!telemetry) return undefined;
  // The same prompts for all loads of a cell, and to compare them all takes a while.
  const meant = new Map<ServingLoad["prompts"], ReturnType<typeof intendedHits>>();
  const meantBy = ({ prompts }: ServingLoad) => {
    const hits = meant.get(prompts) ?? intendedHits(prompts);
    meant.set(prompts, hits);
    return hits;
  };
  return (load: ServingLoad, signal: AbortSignal) =>
    watchTelemetry({ engine, env, signal, intervalSeconds, intendedHits: meantBy(load) });
}

/** What is known of a request's length before it is sent, at its longest. */
function longestLengths(cells: readonly ServingCell[]): { inputLen: number; outputLen: number }[] {
  return cells.flatMap(({ load: { prompts } }) => (prompts.kind === "random" ? [prompts] : []));
}

function warnOfRepeatedPrompts(cells: readonly ServingCell[], { report }: Tools): void {
  for (const { plan, load } of cells) {
    const distinct = distinctPrompts(load.prompts);
    if (load.bound.kind === "requests" && load.bound.count + load.warmupRequests > distinct) {
      report.warning(
        `${plan.id}: ${distinct} distinct prompts for ${load.bound.count} requests and ${load.warmupRequests} of warm-up: they come again, and a prefix cache will serve them`,
      );
    }
  }
}
