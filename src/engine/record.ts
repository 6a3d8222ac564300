import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { messageOf, UsageError, UserError } from "../errors.ts";
import { readJson, writeJson } from "../files.ts";
import { EngineRecord } from "../result/document/engine-record.ts";
import type { Tools } from "../tools.ts";
import { engineFile, offlineEngineFile, startingEngineFile, startupEngineFile } from "../working-folder/names.ts";
import { EngineError } from "./engine-error.ts";
import { lastWords } from "./log.ts";
import { normalizeBaseUrl } from "./server/endpoint.ts";
import { waitForModel } from "./server/wait-for-model.ts";
import { engineRuns, isEngineLeft } from "./stop.ts";

/** Records in the working folder, the server's first. */
export function engineRecordFiles(output: string): string[] {
  return [engineFile(output), offlineEngineFile(output), startupEngineFile(output)].filter((file) => existsSync(file));
}

export async function saveStarting(output: string, record: EngineRecord): Promise<void> {
  await writeJson(startingEngineFile(output), record);
}

export async function saveReady(output: string, record: EngineRecord): Promise<void> {
  await writeJson(engineFile(output), record);
  await rm(startingEngineFile(output), { force: true });
}

export async function forgetEngines(output: string): Promise<void> {
  for (const path of recordFiles(output)) {
    await rm(path).catch((cause) => {
      throw new UserError(`${path} could not be removed: ${messageOf(cause)}. Check permissions.`, { cause });
    });
  }
}

const recordFiles = (output: string) =>
  [startingEngineFile(output), engineFile(output)].filter((path) => existsSync(path));

/** Every engine that the working folder knows of: ready or on its way. @throws UserError when a record is damaged */
export async function recordedEngines(output: string): Promise<EngineRecord[]> {
  return Promise.all(recordFiles(output).map((path) => readJson(path, EngineRecord)));
}

/** Reads `<out>/engine.json`. @throws UserError when it is missing or damaged */
export async function loadEngineRecord(output: string): Promise<EngineRecord> {
  if (existsSync(engineFile(output))) return readJson(engineFile(output), EngineRecord);
  throw new UserError(`there is no engine.json in ${output}: run start-engine first or give --base-url`);
}

interface RemoteChoice {
  baseUrl: string;
  model?: string | undefined;
  /** Seconds to wait for the model of a server that is up. */
  startTimeout: number;
  /** Between two looks. */
  pollSeconds?: number | undefined;
}

/**
 * A record for a server that somebody else runs, once its model is there.
 * @throws UserError when it cannot be reached or does not serve the model; EngineError when the model does not come
 */
export async function remoteEngine(
  { baseUrl, model, startTimeout, pollSeconds }: RemoteChoice,
  tools: Pick<Tools, "report" | "signal">,
): Promise<EngineRecord> {
  const url = normalizeBaseUrl(baseUrl);
  const facts = await waitForModel({ baseUrl: url, model }, { limitSeconds: startTimeout, pollSeconds }, tools);
  return {
    schema: "pitwall.engine/1",
    kind: "remote",
    baseUrl: url,
    ...facts,
    modelPath: facts.model,
    dtype: null,
    args: [],
    command: [],
    pid: null,
    processStart: null,
    secondsToReady: 0,
    startedAt: new Date().toISOString(),
    logFile: null,
  };
}

interface EngineChoice extends Omit<RemoteChoice, "baseUrl"> {
  output: string;
  baseUrl?: string | undefined;
}

/**
 * The engine that a benchmark is to measure: the one behind a given base URL, else the one in `<out>/engine.json`.
 * @throws UserError when there is none, it cannot be reached, or it serves another model; EngineError when it died, or
 * its model does not come
 * @throws UsageError for a base URL beside an engine that was started here and runs: its record would be lost
 */
export async function resolveEngine(
  { output, baseUrl, ...choice }: EngineChoice,
  tools: Pick<Tools, "report" | "signal">,
): Promise<EngineRecord> {
  if (baseUrl !== undefined && !(await isOwnEngine(output, baseUrl))) {
    return remoteEngine({ baseUrl, ...choice }, tools);
  }
  const { model } = choice;
  const record = await loadEngineRecord(output);
  if (!engineRuns(record)) {
    const what = `the engine in ${engineFile(output)} (pid ${record.pid}) does not run any more: start it again`;
    // It may have been stopped on purpose, so a log without an error means nothing here.
    throw new EngineError(await lastWords(record, { what, phase: "mid-run", killed: false }));
  }
  if (model !== undefined && model !== record.model && model !== record.modelPath) {
    throw new UserError(`the engine in ${engineFile(output)} serves “${record.model}”, not “${model}”`);
  }
  await waitForWorkers(record, choice, tools);
  return record;
}

/** A frontend may have lost its workers since it was recorded. One that is gone itself shows in its cells. */
async function waitForWorkers(
  { kind, baseUrl, model }: EngineRecord,
  { startTimeout, pollSeconds }: Omit<RemoteChoice, "baseUrl">,
  tools: Pick<Tools, "report" | "signal">,
): Promise<void> {
  if (kind !== "remote" || baseUrl === null) return;
  await waitForModel({ baseUrl, model }, { limitSeconds: startTimeout, pollSeconds }, tools).catch((error) => {
    if (error instanceof EngineError || !(error instanceof UserError)) throw error;
  });
}

/** Whether the base URL is that of an engine that was started in this folder and runs, whose record says more. */
async function isOwnEngine(output: string, baseUrl: string): Promise<boolean> {
  const url = normalizeBaseUrl(baseUrl);
  if (!existsSync(engineFile(output))) return false;
  const { pid, processStart, logFile, container, baseUrl: own } = await loadEngineRecord(output);
  if (own === null || !(await isEngineLeft({ pid, processStart, logFile, container }))) return false;
  if (onLoopback(own) === onLoopback(url)) return true;
  throw new UsageError(
    `the engine that was started in ${output} runs at ${own}, and what is measured there is filed under it: ` +
      `measure ${url} into another --output, or stop that engine first: pitwall start-engine --stop --output ${output}`,
  );
}

const onLoopback = (url: string) => url.replace(/(?<=^https?:\/\/)localhost(?=[:/]|$)/, "127.0.0.1");
