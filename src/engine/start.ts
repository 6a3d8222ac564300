import { messageOf } from "../errors.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import type { Tools } from "../verbs/verb.ts";
import { DEFAULT_PORT, type LocalKind } from "./command.ts";
import { askEngine } from "./endpoint.ts";
import { EngineError } from "./engine-error.ts";
import { type LaunchedEngine, launchEngine } from "./launch.ts";
import { engineLogTail, loggedDtype } from "./log.ts";
import { freePort } from "./port.ts";
import { forgetEngines, recordedEngines, remoteEngine, saveReady, saveStarting } from "./record.ts";
import { engineProcesses, stopEngine } from "./stop.ts";
import { waitUntilHealthy } from "./wait.ts";

export interface LocalEngine {
  kind: LocalKind;
  /** The working folder `<out>`. */
  output: string;
  model: string;
  engineArgs: readonly string[];
  host: string;
  /** 0 picks a free port; absent takes the kind's default. */
  port?: number | undefined;
  /** File for the truth log of a simulated engine. */
  truth?: string | undefined;
  startTimeoutSeconds: number;
}

export interface RemoteEngine {
  kind: "remote";
  output: string;
  baseUrl: string;
  model?: string | undefined;
}

/**
 * Brings an engine up and writes `<out>/engine.json`; a local engine outlives this process. An engine that an earlier
 * start left running in the same working folder is stopped first.
 * @throws EngineError classified, with the end of the log; then nothing of the engine runs any more
 */
export async function startEngine(options: LocalEngine | RemoteEngine, tools: Tools): Promise<EngineRecord> {
  await stopLeftovers(options.output, tools);
  if (options.kind !== "remote") return startLocal(options, tools);
  const record = await remoteEngine(options, tools.signal);
  await saveReady(options.output, record);
  return record;
}

async function stopLeftovers(output: string, { report }: Tools): Promise<void> {
  for (const record of await recordedEngines(output)) {
    if (engineProcesses(record).length === 0) continue;
    report.warning(`the engine that was started in ${output} before (pid ${record.pid}) still runs; stopping it`);
    await stopEngine(record);
  }
  // A start that fails must not leave the record of another engine behind.
  await forgetEngines(output);
}

async function startLocal(options: LocalEngine, tools: Tools): Promise<EngineRecord> {
  const port = await freePort(options.host, options.port ?? DEFAULT_PORT[options.kind]);
  const startMs = performance.now();
  const engine = launchEngine({ ...options, port }, tools.env);
  try {
    await saveStarting(options.output, engine.record);
    await waitUntilHealthy(engine, options.startTimeoutSeconds, tools);
    const secondsToReady = Math.round(performance.now() - startMs) / 1000;
    const record = { ...(await describe(engine, tools.signal)), secondsToReady };
    await saveReady(options.output, record);
    return record;
  } catch (error) {
    await stopEngine(engine.record);
    await forgetEngines(options.output);
    throw error;
  } finally {
    // Lets this process end while the engine runs on.
    engine.child.unref();
  }
}

async function describe({ record }: LaunchedEngine, signal: AbortSignal): Promise<EngineRecord> {
  try {
    const facts = await askEngine(record.baseUrl, undefined, signal);
    return { ...record, ...facts, dtype: await loggedDtype(record) };
  } catch (cause) {
    const reason = signal.aborted ? "cancelled" : "environment";
    throw new EngineError({ reason, detail: messageOf(cause), logTail: await engineLogTail(record), cause });
  }
}
