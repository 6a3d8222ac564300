import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Arm, ArmEngine } from "../../../arms/arm.ts";
import { messageOf, UserError } from "../../../errors.ts";
import { runToLog } from "../../../machine/process.ts";
import { findProgram } from "../../../machine/program.ts";
import { present } from "../../../result/present.ts";
import { fingerprint } from "../../../result/series/fingerprint.ts";
import type { Tools } from "../../../tools.ts";
import { logsFolder } from "../../../working-folder/names.ts";
import { filled, type Recipe } from "./recipe.ts";

/** A build that can be measured, or why there is none. */
export type Build = { kind: "ready"; arm: Arm } | { kind: "failed"; detail: string };

interface Maker {
  recipe: Recipe;
  engine: ArmEngine;
  output: string;
}

/** A commit as people write it, a version as it is; never what a folder could not be called. */
export function shortName(name: string): string {
  if (/^[0-9a-f]{40,64}$/.test(name)) return name.slice(0, 10);
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,40}$/.test(name) ? name : fingerprint(name);
}

/** Runs the commands of a recipe for one commit or version. @throws UserError when somebody cancels */
export async function makeBuild(name: string, { recipe, engine, output }: Maker, tools: Tools): Promise<Build> {
  const { commands, folder, program, image, engineArgs } = filled(recipe, name);
  for (const [index, command] of commands.entries()) {
    const logFile = resolve(logsFolder(output), `build-${shortName(name)}${index === 0 ? "" : `-${index + 1}`}.log`);
    const problem = await runCommand(command, { folder, logFile }, tools);
    if (problem !== null) return { kind: "failed", detail: problem };
  }
  const found = program === undefined ? undefined : programAt(resolve(folder, program), tools.env);
  if (program !== undefined && found === undefined) {
    return {
      kind: "failed",
      detail: `there is no program that may be run at ${program}, nor an environment with bin/vllm`,
    };
  }
  const arm = { name: shortName(name), engine, engineArgs, ...present({ image, program: found }) };
  return { kind: "ready", arm };
}

async function runCommand(
  [program, ...args]: readonly string[],
  { folder, logFile }: { folder: string; logFile: string },
  { env, signal }: Tools,
): Promise<string | null> {
  try {
    const ended = await runToLog(program!, args, { logFile, env, cwd: folder, signal });
    signal.throwIfAborted();
    if (ended === 0) return null;
    return `the build command ended with ${typeof ended === "number" ? `exit code ${ended}` : ended}, see ${logFile}${await lastWords(logFile)}`;
  } catch (error) {
    if (!(error instanceof UserError) || signal.aborted) throw error;
    return messageOf(error);
  }
}

async function lastWords(logFile: string): Promise<string> {
  if (!existsSync(logFile)) return "";
  const lines = (await readFile(logFile, "utf8")).trim().split("\n");
  const last = lines.at(-1)!.trim().slice(0, 300);
  return last === "" ? "" : `: ${last}`;
}

function programAt(path: string, env: NodeJS.ProcessEnv): string | undefined {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return findProgram(isFolder ? join(path, "bin", "vllm") : path, env);
}
