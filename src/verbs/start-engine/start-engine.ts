import { once } from "node:events";
import { z } from "zod";
import { EngineError } from "../../engine/engine-error.ts";
import { checkReleased } from "../../engine/released.ts";
import { startEngine as start } from "../../engine/start.ts";
import { stopEngine } from "../../engine/stop.ts";
import { watchEngine } from "../../engine/watch/watch.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Tools } from "../../tools.ts";
import { holdFolder } from "../../working-folder/hold.ts";
import { engineFile } from "../../working-folder/names.ts";
import { following } from "../benchmark/follow.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { engineInputs } from "./inputs.ts";
import { kubernetesInputs } from "./kubernetes-inputs.ts";
import { withoutNoQuantization } from "./no-quantization.ts";
import { engineOptions } from "./options.ts";
import { stopRecorded } from "./stop.ts";

const Inputs = z.strictObject({ ...engineInputs, ...kubernetesInputs });

export const startEngine = defineVerb({
  name: "start-engine",
  description: "Starts an engine and waits until it is healthy; or stops the one started before.",
  inputs: Inputs,
  outputs: {
    baseUrl: "Where the engine answers, without /v1.",
    model: "Name of the model in requests.",
    engineFile: "Path of the engine's record.",
    pid: "The engine's process, which leads its process group.",
    version: "The engine's version, if it tells.",
    secondsToReady: "Seconds from the start to the first healthy answer.",
    logFile: "Path of the engine's log.",
  },
  async run(inputs, tools) {
    if (inputs.stop) return stopRecorded(inputs.output, tools);
    await using _logs = following(inputs, tools);
    const record = await startAlone(inputs, tools);
    if (!inputs.foreground) return { ok: true, outputs: outputsOf(record, inputs.output), text: describe(record) };
    tools.report.info(describe(record));
    await stayUntilSignal(record, tools);
    return { ok: true, outputs: outputsOf(record, inputs.output), text: "the engine was stopped" };
  },
});

/** Not while a benchmark is at work in the folder, whose engine would be stopped; afterwards the folder is free for one. */
async function startAlone(inputs: z.output<typeof Inputs>, tools: Tools): Promise<EngineRecord> {
  await using _hold = await holdFolder(inputs.output);
  return await start(engineOptions(withoutNoQuantization(inputs, tools.report)), tools);
}

function outputsOf(record: EngineRecord, output: string): Outcome["outputs"] {
  const { baseUrl, model, pid, version, secondsToReady, logFile } = record;
  return { baseUrl, model, engineFile: engineFile(output), pid, version, secondsToReady, logFile };
}

function describe({ kind, baseUrl, model, version, secondsToReady, logFile }: EngineRecord): string {
  const what = [`${kind} engine at ${baseUrl}`, `model ${model}`, ...(version === null ? [] : [`version ${version}`])];
  const how = kind === "remote" ? [] : [`ready after ${secondsToReady?.toFixed(1)} s`, `log ${logFile}`];
  return [...what, ...how].join(", ");
}

/** @throws EngineError when the engine ends by itself */
async function stayUntilSignal(record: EngineRecord, tools: Tools): Promise<void> {
  const { signal } = tools;
  const watch = watchEngine(record);
  try {
    const interrupted = signal.aborted ? Promise.resolve() : once(signal, "abort");
    const end = await Promise.race([watch.died, interrupted.then(() => undefined)]);
    if (end !== undefined) throw new EngineError(end);
  } finally {
    watch.close();
    await stopEngine(record);
    await checkReleased(record, tools);
  }
}
