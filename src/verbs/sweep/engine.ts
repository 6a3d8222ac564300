import { existsSync } from "node:fs";
import { EngineError, orEngineError } from "../../engine/engine-error.ts";
import { sourcedEnvironment } from "../../engine/launch/sourced-environment.ts";
import { loggedStartPhases } from "../../engine/log.ts";
import { resolveEngine } from "../../engine/record.ts";
import { type OnOom, shrinkAfter } from "../../engine/shrink.ts";
import { monitorEngine } from "../../engine/watch/monitor.ts";
import { UsageError } from "../../errors.ts";
import { writeJson } from "../../files.ts";
import type { CellWriter } from "../../latency/cell-writer.ts";
import { type OfflineEnd, type OfflineSweep, sweepOffline } from "../../latency/offline/offline-sweep.ts";
import type { SweepPlan, SweepWatcher } from "../../latency/sweep.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import type { Failure } from "../../result/document/reason.ts";
import type { Takes } from "../../result/document/takes.ts";
import { present } from "../../result/present.ts";
import type { Tools } from "../../tools.ts";
import { engineFile, offlineEngineFile } from "../../working-folder/names.ts";
import { requireContext } from "../benchmark/context-length.ts";
import { serverTakes } from "../benchmark/server-takes.ts";

interface Target {
  mode?: "offline" | "server" | undefined;
  output: string;
  baseUrl?: string | undefined;
  model?: string | undefined;
  startTimeout: number;
}
type Lengths = { inputLen: number; outputLen: number };

/** The server to measure, the error of one that died, or undefined for the offline engine. */
export async function serverFor(
  inputs: Target,
  lengths: Lengths[],
  tools: Tools,
): Promise<EngineRecord | EngineError | undefined> {
  const { mode, output, baseUrl, model, startTimeout } = inputs;
  const recorded = baseUrl !== undefined || existsSync(engineFile(output));
  if (mode === "offline" || (mode === undefined && !recorded)) {
    if (baseUrl !== undefined) throw new UsageError("--base-url names a server; leave it out or use --mode server");
    if (model !== undefined) return undefined;
    throw new UsageError("name a --model for the offline engine, or start a server first: pitwall start-engine");
  }
  const engine = await orEngineError(resolveEngine({ output, baseUrl, model, startTimeout }, tools));
  if (!(engine instanceof EngineError)) requireContext(lengths, engine.maxModelLen);
  return engine;
}

/**
 * What a server takes of the sweep's requests.
 * @throws EngineError naming what is refused that the sweep cannot do without
 */
export async function sweepTakes(
  engine: EngineRecord,
  { cells: [first] }: SweepPlan,
  requestTimeout: number,
  tools: Tools,
): Promise<Takes | undefined> {
  const { sweepFields } = await import("../../latency/server/server-batches.ts");
  const { model } = engine;
  const question = {
    endpoint: "completions",
    prompts: "drawn",
    streams: false,
    fieldsOf: (takes, prompt, outputTokens) => sweepFields({ model, takes }, first!.sampling, prompt, outputTokens),
    requestTimeout,
  } satisfies Parameters<typeof serverTakes>[1];
  return await serverTakes(engine, question, tools);
}

/** Measures a server, which is watched meanwhile. @returns why the sweep ended early */
export async function measureServer(
  engine: EngineRecord,
  {
    requestTimeout,
    benchmarkTimeout,
    takes,
  }: { requestTimeout: number; benchmarkTimeout?: number | undefined; takes: Takes | undefined },
  plan: SweepPlan,
  writer: CellWriter,
  tools: Tools,
): Promise<Failure | undefined> {
  const monitor = monitorEngine(engine, tools.signal);
  const watcher: SweepWatcher = {
    onIteration: writer.onIteration,
    async onSize(result) {
      // A dead engine refuses at once: without a look here, several sizes would fail before the watch sees it.
      if (result.status === "failed") await monitor.diagnose();
      await writer.onSize(result);
    },
  };
  // Loaded here: the HTTP client costs a third of the command line's start-up.
  const { sweepServer } = await import("../../latency/server/server-sweep.ts");
  try {
    const target = { baseUrl: engine.baseUrl!, model: engine.model, requestTimeout, benchmarkTimeout, takes };
    await sweepServer(target, plan, watcher, monitor.signal);
  } finally {
    monitor.close();
  }
  return monitor.cause();
}

export interface OfflineEngine extends OfflineSweep {
  kind: "offline";
  /** A shell file that is sourced first, and its arguments. */
  envScript: readonly string[];
  onOom?: OnOom | undefined;
}

/** Measures the engine inside the driver, and records it. @returns why the sweep ended early */
export async function measureOffline(
  { kind: _, envScript, onOom, ...sweep }: OfflineEngine,
  plan: SweepPlan,
  writer: CellWriter,
  given: Tools,
): Promise<Failure | undefined> {
  const startedAt = new Date().toISOString();
  const tools = { ...given, env: await sourcedEnvironment(envScript, given.env) };
  const { end, engineArgs, shrunk } = await sweepAtSomeLength(
    sweep,
    onOom,
    (each) => sweepOffline(each, plan, writer, tools),
    tools,
  );
  const { engine, logFile, error } = end;
  if (engine === undefined) return error?.failure;
  const startPhases = await loggedStartPhases(end);
  const record: EngineRecord = {
    schema: "pitwall.engine/1",
    kind: "vllm",
    baseUrl: null,
    model: sweep.model,
    modelPath: sweep.model,
    version: engine.version,
    maxModelLen: engine.maxModelLen,
    dtype: engine.dtype,
    args: [...engineArgs],
    command: [],
    pid: null,
    processStart: null,
    secondsToReady: engine.seconds,
    startedAt,
    logFile,
    ...present({ shrunk, startPhases }),
  };
  await writeJson(offlineEngineFile(sweep.output), record);
  return error?.failure;
}

interface Swept extends Partial<Pick<EngineRecord, "shrunk">> {
  end: OfflineEnd;
  engineArgs: readonly string[];
}

/** Once more with a shorter context when there was no memory for the one asked for, as far as that is wanted. */
async function sweepAtSomeLength(
  sweep: OfflineSweep,
  onOom: OnOom | undefined,
  measure: (sweep: OfflineSweep) => Promise<OfflineEnd>,
  tools: Tools,
): Promise<Swept> {
  const { engineArgs } = sweep;
  const end = await measure(sweep);
  if (end.engine !== undefined || end.error === undefined) return { end, engineArgs };
  try {
    const smaller = await shrinkAfter(end.error, { logFile: end.logFile, engineArgs, onOom }, tools);
    return { ...smaller, end: await measure({ ...sweep, ...smaller }) };
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { end: { ...end, error }, engineArgs };
  }
}
