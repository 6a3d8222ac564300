import { once } from "node:events";
import { statSync } from "node:fs";
import { glob } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { EngineError } from "../engine/engine-error.ts";
import { stopLeftDriver } from "../engine/left-driver.ts";
import { engineFile, recordedEngines } from "../engine/record.ts";
import { checkReleased } from "../engine/released.ts";
import { type Engine, startEngine as start } from "../engine/start.ts";
import { isEngineLeft, stopEngine } from "../engine/stop.ts";
import { watchEngine } from "../engine/watch.ts";
import { UsageError } from "../errors.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import { dockerInputs, dockerOptions, refuseDockerInputs } from "./docker-inputs.ts";
import { choice, commonInputs, flag, integer, positiveNumber, text, words } from "./fields.ts";
import { holdFolder } from "./hold-folder.ts";
import { defineVerb, type Outcome, type Tools } from "./verb.ts";

const SIMULATED_MODEL = "sim/h100-8b";
const LARGEST_PORT = 65_535;

export const engineInputs = {
  ...commonInputs,
  engine: choice(
    ["simulated", "vllm", "docker", "remote"],
    "simulated: the embedded engine, no GPU needed. vllm: `vllm serve` from PATH, or from PITWALL_VLLM. docker: a container of the image. remote: a server that already runs at the base URL.",
  ).default("simulated"),
  model: text(`Model to load, or to measure at a base URL (default for simulated: ${SIMULATED_MODEL}).`).optional(),
  engineArgs: words("More arguments for the engine, as on its own command line.").default([]),
  host: text("Address that the engine listens on.", "ADDRESS").default("127.0.0.1"),
  port: integer("Port that it listens on, 0 for any free one (default: 8000 for vllm and docker, 0 for simulated).", {
    min: 0,
    placeholder: "PORT",
  }).optional(),
  baseUrl: text("Server to measure with engine remote, for example http://127.0.0.1:8000.", "URL").optional(),
  startTimeout: positiveNumber("Seconds until the engine must be healthy.", "SECONDS").default(300),
  pollInterval: positiveNumber(
    "Seconds between two looks at its health (default: 0.25; 0.1 where its start is measured).",
    "SECONDS",
  ).optional(),
  workingDir: text("Working folder of an engine vllm (default: where pitwall runs).", "DIR").optional(),
  envScript: words(
    "Shell file that bash sources before anything else, and its arguments, like “setvars.sh --force”.",
  ).default([]),
  onOom: choice(
    ["fail", "shrink"],
    "When the engine has no memory for its context: fail, or start it once more with the largest --max-model-len that its log says fits.",
  ).default("fail"),
  ...dockerInputs,
  truth: text(
    "With engine simulated: JSON lines of when each request was accepted and each of its tokens written.",
    "FILE",
  ).optional(),
  foreground: flag("Stay until Ctrl-C or SIGTERM, then stop the engine.").default(false),
  stop: flag("Stop the engine that was started in this working folder.").default(false),
};
const Inputs = z.strictObject(engineInputs);
type Inputs = z.output<typeof Inputs>;

/** What `run` knows besides: the lengths that it is going to ask for. */
interface RequestLengths {
  /** Of the sweep, which measures each with each. */
  inputLen?: readonly number[];
  outputLen?: readonly number[];
  pairs?: readonly { inputLen: number; outputLen: number }[];
}

function longestRequest({ inputLen = [], outputLen = [], pairs = [] }: RequestLengths): number {
  const ofSweep = Math.max(0, ...inputLen) + Math.max(0, ...outputLen);
  return Math.max(ofSweep, ...pairs.map((lengths) => lengths.inputLen + lengths.outputLen));
}

/** What the engine room needs of the inputs. @throws UsageError when they do not fit together */
export function engineOptions(inputs: Omit<Inputs, "foreground" | "stop"> & RequestLengths): Engine {
  const { engine: kind, output, model, baseUrl, engineArgs, host, port, startTimeout, truth } = inputs;
  if (truth !== undefined && kind !== "simulated") {
    throw new UsageError(`--truth goes with --engine simulated: ${kind} does not know its own truth`);
  }
  if (kind !== "docker") refuseDockerInputs(kind, inputs);
  if (kind === "remote") {
    if (baseUrl === undefined) throw new UsageError("--engine remote needs a --base-url, like http://127.0.0.1:8000");
    if (inputs.envScript.length > 0 || inputs.workingDir !== undefined) {
      throw new UsageError("--env-script and --working-dir go with an engine that is started here, not with remote");
    }
    return { kind, output, baseUrl, model };
  }
  if (baseUrl !== undefined) throw new UsageError(`--base-url goes with --engine remote, not with --engine ${kind}`);
  if (kind !== "simulated" && model === undefined) {
    throw new UsageError(`--engine ${kind} needs a --model, like meta-llama/Llama-3.1-8B-Instruct`);
  }
  if (port !== undefined && port > LARGEST_PORT) throw new UsageError(`--port: must be ${LARGEST_PORT} or less`);
  refuseOwnArguments(engineArgs);
  const onOom = inputs.onOom === "shrink" ? { onOom: { neededContext: longestRequest(inputs) } } : {};
  const common = {
    ...{ output, model: model ?? SIMULATED_MODEL, engineArgs, host, port, startTimeoutSeconds: startTimeout },
    ...onOom,
    ...(inputs.pollInterval === undefined ? {} : { pollSeconds: inputs.pollInterval }),
    ...(inputs.envScript.length === 0 ? {} : { envScript: inputs.envScript }),
    ...(inputs.workingDir === undefined ? {} : { workingDir: workingFolder(kind, inputs.workingDir) }),
  };
  return kind === "docker" ? { kind, ...common, docker: dockerOptions(inputs) } : { kind, ...common, truth };
}

/** @throws UsageError when it is none, or no process of ours runs there */
export function workingFolder(kind: string, folder: string): string {
  if (kind !== "vllm") {
    const instead = kind === "docker" ? '; give --docker-args "--workdir DIR"' : "";
    throw new UsageError(`--working-dir goes with --engine vllm, not with --engine ${kind}${instead}`);
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--working-dir: ${folder} is no folder`);
  }
  return resolve(folder);
}

const NOT_AMONG_ENGINE_ARGS: Record<string, string> = {
  "--host": "give pitwall the --host instead: it must know where to ask",
  "--port": "give pitwall the --port instead: it must know where to ask",
  "--model": "give pitwall the --model instead: it is stored with the results",
  "--truth": "give pitwall the --truth instead: a file of one run is no part of the engine that is compared",
};
const SECRET_ADVICE =
  "engine arguments are stored with the results; put a secret into the environment (HF_TOKEN), and serve without an API key";

/** A flag that carries a secret: engine arguments are stored with the results and stand in the process table. */
const SECRET_FLAG = /^--(api-k(e|ey)?|hf-token|.*-(token|secret|password|key))$/;

/** @throws UsageError for arguments that pitwall gives itself, and for secrets, in any spelling that vLLM takes */
export function refuseOwnArguments(engineArgs: readonly string[]): void {
  for (const argument of engineArgs) {
    const name = argument.split("=", 1)[0]!.replaceAll("_", "-");
    const why = SECRET_FLAG.test(name) ? SECRET_ADVICE : NOT_AMONG_ENGINE_ARGS[name];
    if (why !== undefined) throw new UsageError(`--engine-args must not hold ${name}: ${why}`);
  }
}

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
  return await start(engineOptions(inputs), tools);
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

async function stopRecorded(output: string, tools: Tools): Promise<Outcome> {
  const { report } = tools;
  let stopped = 0;
  const folders = await foldersWithProcesses(output);
  await Promise.all(folders.map(stopLeftDriver));
  for (const record of (await Promise.all(folders.map(recordedEngines))).flat()) {
    if (!(await isEngineLeft(record))) continue;
    report.info(`stopping the ${record.kind} engine, ${record.container?.name ?? `process group ${record.pid}`}`);
    await stopEngine(record);
    await checkReleased(record, tools);
    stopped += 1;
  }
  const text = stopped > 0 ? "the engine was stopped" : `no engine that was started in ${output} runs`;
  return { ok: true, outputs: {}, text };
}

/** The folder itself, and those in it that experiments keep one a combination. */
async function foldersWithProcesses(output: string): Promise<string[]> {
  const below = await Array.fromAsync(glob("*/{engine,engine.starting,driver}.json", { cwd: output }), (file) =>
    dirname(file),
  );
  return [output, ...new Set(below.map((name) => join(output, name)))];
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
