import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { COMPILE_CACHE, release } from "./built-release.ts";

export interface StepOptions {
  /** Under `with:`, in kebab-case. */
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  /** What the main step saved, for its post step. */
  state?: Record<string, string>;
  /** Folder of the job; a temporary one without it. */
  cwd?: string;
  /** Called with everything printed so far whenever there is more. */
  onOutput?(output: string, signal: (name: NodeJS.Signals) => void): void;
}

export interface StepResult {
  exitCode: number | null;
  output: string;
  outputs: Record<string, string>;
  summary: string;
  state: Record<string, string>;
}

const FILES = { outputs: "GITHUB_OUTPUT", summary: "GITHUB_STEP_SUMMARY", state: "GITHUB_STATE" } as const;

/** Runs the program of a step the way a runner does: inputs and files by environment variables, nothing inherited. */
export async function runStep(program: string, options: StepOptions = {}): Promise<StepResult> {
  const folder = await mkdtemp(join(tmpdir(), "pitwall-step-"));
  const path = (name: string) => join(folder, name);
  try {
    for (const name of Object.keys(FILES)) await writeFile(path(name), "");
    const files = Object.entries(FILES).map(([name, variable]) => [variable, path(name)]);
    const env = { ...Object.fromEntries(files), ...compileCacheFor(program), ...stepEnvironment(options) };
    const ended = await runProgram(program, env, options.cwd ?? folder, options.onOutput);
    const read = (name: string) => readFile(path(name), "utf8");
    const summary = await read("summary");
    return {
      ...ended,
      outputs: parseFileCommands(await read("outputs")),
      summary,
      state: parseFileCommands(await read("state")),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The tests' own cache, which a step would not inherit. */
function compileCacheFor(program: string): NodeJS.ProcessEnv {
  if (program.startsWith(release.root)) return COMPILE_CACHE;
  const { NODE_COMPILE_CACHE } = process.env;
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE };
}

function stepEnvironment({ inputs = {}, env = {}, state = {} }: StepOptions): Record<string, string> {
  const prefixed = (prefix: string, values: Record<string, string>, name = (key: string) => key) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [`${prefix}${name(key)}`, value]));
  return {
    PATH: process.env.PATH ?? "",
    HOME: process.env.HOME ?? "",
    GITHUB_ACTIONS: "true",
    ...prefixed("INPUT_", inputs, (key) => key.toUpperCase()),
    ...prefixed("STATE_", state),
    ...env,
  };
}

function runProgram(program: string, env: Record<string, string>, cwd: string, onOutput: StepOptions["onOutput"]) {
  return new Promise<{ exitCode: number | null; output: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [program], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const hear = (chunk: Buffer) => {
      output += chunk;
      onOutput?.(output, (name) => child.kill(name));
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, output }));
  });
}

/** `name<<delimiter`, value, `delimiter`: what @actions/core writes to GITHUB_OUTPUT and GITHUB_STATE. */
function parseFileCommands(text: string): Record<string, string> {
  const entries = text.matchAll(/^(.+?)<<(ghadelimiter_\S+)\n(.*?)\n?\2$/gms);
  return Object.fromEntries([...entries].map(([, name, , value]) => [name, value]));
}
