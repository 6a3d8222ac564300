import { existsSync } from "node:fs";
import { join } from "node:path";
import { EngineError } from "../engine/engine-error.ts";
import { loggedStartPhases } from "../engine/log.ts";
import { engineFile, resolveEngine } from "../engine/record.ts";
import { keepVigil } from "../engine/vigil.ts";
import { UsageError } from "../errors.ts";
import { writeJson } from "../files.ts";
import type { CellWriter } from "../latency/cell-writer.ts";
import { type OfflineSweep, sweepOffline } from "../latency/offline-sweep.ts";
import type { SweepPlan, SweepWatcher } from "../latency/sweep.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import type { Failure } from "../result/reason.ts";
import { requireContext } from "./context-length.ts";
import type { Tools } from "./verb.ts";

interface Target {
  mode?: "offline" | "server" | undefined;
  output: string;
  baseUrl?: string | undefined;
  model?: string | undefined;
}
type Lengths = { inputLen: number; outputLen: number };

/** The server to measure, the error of one that died, or undefined for the offline engine. */
export async function serverFor(inputs: Target, lengths: Lengths[]): Promise<EngineRecord | EngineError | undefined> {
  const { mode, output, baseUrl, model } = inputs;
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
  if (!(engine instanceof EngineError)) requireContext(lengths, engine.maxModelLen);
  return engine;
}

/** Measures a server, which is watched meanwhile. @returns why the sweep ended early */
export async function measureServer(
  engine: EngineRecord,
  { requestTimeout }: { requestTimeout: number },
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

/** Measures the engine inside the driver, and records it. @returns why the sweep ended early */
export async function measureOffline(
  sweep: OfflineSweep,
  plan: SweepPlan,
  writer: CellWriter,
  tools: Tools,
): Promise<Failure | undefined> {
  const { model, engineArgs, output } = sweep;
  const startedAt = new Date().toISOString();
  const end = await sweepOffline(sweep, plan, writer, tools);
  if (end.engine !== undefined) {
    const startPhases = await loggedStartPhases(end);
    const record: EngineRecord = {
      schema: "pitwall.engine/1",
      kind: "vllm",
      baseUrl: null,
      model,
      modelPath: model,
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
      ...(startPhases === undefined ? {} : { startPhases }),
    };
    await writeJson(join(output, "engine-offline.json"), record);
  }
  return end.failure;
}
