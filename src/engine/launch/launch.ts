import type { ChildProcess } from "node:child_process";
import { resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { startLogged } from "../../machine/process.ts";
import { processRow } from "../../machine/process-table.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { present } from "../../result/present.ts";
import { logsFolder } from "../../working-folder/names.ts";
import { baseUrlOf } from "../server/endpoint.ts";

/** What is to be started. */
export interface Launch extends Pick<EngineRecord, "kind" | "image" | "imageDigest" | "container" | "shrunk"> {
  output: string;
  model: string;
  engineArgs: readonly string[];
  host: string;
  port: number;
  command: readonly [program: string, ...args: string[]];
  env: NodeJS.ProcessEnv;
  workingDir?: string | undefined;
  /** Name of its log in `<out>/logs`; absent: `engine`. */
  logName?: string | undefined;
}

/** How a child process came to its end, or why it never began. */
export type ProcessEnd =
  | { kind: "not-started"; cause: NodeJS.ErrnoException }
  | { kind: "exited"; code: number | null; signal: NodeJS.Signals | null };

export interface LaunchedEngine {
  child: ChildProcess;
  ended: Promise<ProcessEnd>;
  /** What is known before the engine answers: no version, no length limit, no seconds to ready. */
  record: EngineRecord & { baseUrl: string; logFile: string };
  /** Lets it begin. */
  release(): void;
}

/** Makes an engine's process in its own group, which begins when it is released, with its output going to a file in `<out>/logs`. */
export async function launchEngine(launch: Launch): Promise<LaunchedEngine> {
  if (process.platform !== "linux") {
    throw new UserError("engines are started on Linux only; elsewhere give the --base-url of one that runs");
  }
  const [program, ...args] = launch.command;
  const planned = plannedRecord(launch);
  const { logFile } = planned;
  const { child, release } = await startLogged(program, args, { logFile, env: launch.env, cwd: launch.workingDir });
  const record = {
    ...planned,
    pid: child.pid ?? null,
    // Read before the event loop turns: until then even a process that ended at once is still in the table.
    processStart: child.pid === undefined ? null : (processRow(child.pid)?.startTicks ?? null),
  };
  return { child, ended: endOf(child), record, release };
}

export const engineLogFile = ({ output, logName = "engine" }: Pick<Launch, "output" | "logName">) =>
  resolve(logsFolder(output), `${logName}.log`);

/** The record of an engine that has no process yet. */
export function plannedRecord(launch: Launch): LaunchedEngine["record"] {
  const { kind, model, engineArgs, host, port, command, image, imageDigest, container, shrunk } = launch;
  return {
    schema: "pitwall.engine/1",
    kind,
    baseUrl: baseUrlOf(host, port),
    model,
    modelPath: model,
    version: null,
    maxModelLen: null,
    dtype: null,
    args: [...engineArgs],
    command: [...command],
    pid: null,
    processStart: null,
    secondsToReady: null,
    startedAt: new Date().toISOString(),
    logFile: engineLogFile(launch),
    ...present({ shrunk }),
    ...(container === undefined ? {} : { image, imageDigest, container }),
  };
}

function endOf(child: ChildProcess): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once("error", (cause) => resolve({ kind: "not-started", cause }));
    child.once("exit", (code, signal) => resolve({ kind: "exited", code, signal }));
  });
}
