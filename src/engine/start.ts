import { messageOf } from "../errors.ts";
import { findContainer } from "../machine/docker/container.ts";
import { warnOfGpuTenants } from "../machine/gpu/tenants.ts";
import type { EngineRecord } from "../result/document/engine-record.ts";
import { present } from "../result/present.ts";
import type { Tools } from "../tools.ts";
import { containerLaunch, explainContainerEnd } from "./docker/launch.ts";
import type { ContainerEngine, Engine, LocalEngine } from "./engine.ts";
import { EngineError } from "./engine-error.ts";
import { startInCluster } from "./kubernetes/start.ts";
import { DEFAULT_PORT, engineCommand, engineEnvironment } from "./launch/command.ts";
import { engineLogFile, type Launch, type LaunchedEngine, launchEngine, plannedRecord } from "./launch/launch.ts";
import { freePort } from "./launch/port.ts";
import { sourcedEnvironment } from "./launch/sourced-environment.ts";
import { waitUntilHealthy } from "./launch/wait.ts";
import { stopLeftDriver } from "./left-driver.ts";
import { engineLogTail, loggedDtype, loggedStartPhases } from "./log.ts";
import { forgetEngines, recordedEngines, remoteEngine, saveReady, saveStarting } from "./record.ts";
import { askEngine } from "./server/endpoint.ts";
import { shrinkAfter } from "./shrink.ts";
import { engineHandle, isEngineLeft, stopEngine } from "./stop.ts";
import { refuseForeignArguments, warnOfNewVersion } from "./vllm/version.ts";
import { type EngineDeath, watchEngine } from "./watch/watch.ts";

/**
 * Brings an engine up and writes `<out>/engine.json`; a local engine outlives this process. An engine that an earlier
 * start left running in the same working folder is stopped first.
 * @throws UsageError for arguments that this version of the engine does not know, before anything is touched
 * @throws EngineError classified, with the end of the log; then nothing of the engine runs any more
 */
export async function startEngine(options: Engine, given: Tools): Promise<EngineRecord> {
  const envScript = "envScript" in options ? options.envScript : undefined;
  const tools = envScript === undefined ? given : { ...given, env: await sourcedEnvironment(envScript, given.env) };
  await refuseForeignArguments(options, tools.env);
  await stopLeftovers(options.output, tools);
  if (options.kind === "kubernetes") return startInCluster(options, tools);
  if (options.kind !== "remote") {
    if (options.kind !== "simulated") await warnOfGpuTenants("before the start", tools);
    return startLocal(options, tools);
  }
  const { startTimeoutSeconds: startTimeout, ...choice } = options;
  const record = await remoteEngine({ ...choice, startTimeout }, tools);
  await saveReady(options.output, record);
  return record;
}

/** Stops the engines and the driver that a killed pitwall left in this working folder, and forgets them. */
export async function stopLeftovers(output: string, { report }: Pick<Tools, "report">): Promise<void> {
  await stopLeftDriver(output);
  for (const record of await recordedEngines(output)) {
    if (!(await isEngineLeft(record))) continue;
    const what = engineHandle(record);
    report.warning(`the engine that was started in ${output} before (${what}) still runs; stopping it`);
    await stopEngine(record);
  }
  // A start that fails must not leave the record of another engine behind.
  await forgetEngines(output);
}

async function startLocal(options: LocalEngine | ContainerEngine, tools: Tools): Promise<EngineRecord> {
  try {
    return await startOnce(options, tools);
  } catch (error) {
    const smaller = await shrinkAfter(error, { ...options, logFile: engineLogFile(options) }, tools);
    return await startOnce({ ...options, ...smaller }, tools);
  }
}

async function startOnce(options: LocalEngine | ContainerEngine, tools: Tools): Promise<EngineRecord> {
  const launch = await (options.kind === "docker" ? containerLaunch(options, tools) : processLaunch(options, tools));
  // A container outlives a client that nobody recorded; its name is known before there is one.
  if (launch.container !== undefined) await saveStarting(options.output, plannedRecord(launch));
  const engine = await launchEngine(launch);
  try {
    await saveStarting(options.output, engine.record);
    const startMs = performance.now();
    engine.release();
    await waitUntilHealthy(
      engine,
      { limitSeconds: options.startTimeoutSeconds, pollSeconds: options.pollSeconds },
      tools,
    );
    const secondsToReady = Math.round(performance.now() - startMs) / 1000;
    const record = { ...(await describe(engine, tools.signal)), secondsToReady };
    await saveReady(options.output, record);
    if (record.kind !== "simulated") warnOfNewVersion(record.version, tools);
    return record;
  } catch (error) {
    const explained = await explainContainerEnd(error, engine);
    await stopEngine(engine.record);
    await forgetEngines(options.output);
    throw explained;
  } finally {
    // Lets this process end while the engine runs on.
    engine.child.unref();
  }
}

async function processLaunch(options: LocalEngine, { env }: Tools): Promise<Launch> {
  const port = await freePort(options.host, options.port ?? DEFAULT_PORT[options.kind]);
  const command = engineCommand({ ...options, port }, env);
  return { ...options, port, command, env: engineEnvironment(command[0], env) };
}

async function describe({ record }: LaunchedEngine, signal: AbortSignal): Promise<EngineRecord> {
  try {
    const facts = await askEngine(record.baseUrl, signal);
    const { container } = record;
    const found = container === undefined ? {} : { container: { ...container, ...(await findContainer(container)) } };
    const startPhases = await loggedStartPhases(record);
    return { ...record, ...facts, ...found, ...present({ startPhases }), dtype: await loggedDtype(record) };
  } catch (cause) {
    const death = signal.aborted ? undefined : await deathOf(record);
    if (death !== undefined) throw new EngineError({ ...death, cause });
    const reason = signal.aborted ? "cancelled" : "environment";
    throw new EngineError({ reason, detail: messageOf(cause), logTail: await engineLogTail(record), cause });
  }
}

/** Why an engine that was healthy is so no more; undefined when it is. */
async function deathOf(record: EngineRecord): Promise<EngineDeath | undefined> {
  const watch = watchEngine(record);
  return watch.check().finally(() => watch.close());
}
