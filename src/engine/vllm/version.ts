import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { runCommand } from "../../machine/command.ts";
import type { Tools } from "../../tools.ts";
import type { Engine } from "../engine.ts";
import { dependOnVersion, isNewerThanKnown, NEWEST_KNOWN, refuseUnknownFlags } from "./profile.ts";
import { findVllm } from "./program.ts";

export const READ_METADATA = "import importlib.metadata as m; print(m.version('vllm'))";

/** The version beside a vllm program, from its Python's package list: `vllm --version` imports PyTorch, which takes seconds. */
async function fromPackageList(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const python = join(dirname(program), "python3");
  if (!existsSync(python)) return undefined;
  const { exitCode, stdout } = await runCommand(python, ["-c", READ_METADATA], { env });
  return exitCode === 0 ? stdout.trim() : undefined;
}

async function fromProgram(program: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { exitCode, stdout } = await runCommand(program, ["--version"], { env });
  return exitCode === 0 ? /^(?:vllm )?v?(\d+\.\d\S*)$/m.exec(stdout.trim())?.[1] : undefined;
}

/** The version of the vLLM here as its package says it, without starting it; undefined when that is not to be had. */
export async function packagedVersion(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const program = findVllm(env);
  return program === undefined ? undefined : fromPackageList(program, env);
}

async function installedVersion(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const program = findVllm(env);
  if (program === undefined) return undefined;
  return (await fromPackageList(program, env)) ?? (await fromProgram(program, env));
}

/** vLLM's own images say their version in the tag only. */
export function versionOfImage(image: string): string | undefined {
  return /vllm[^/:]{0,200}:v?(\d+\.\d+(?:\.\d+)?)/.exec(image)?.[1];
}

/** What an image says of itself: a variable of its own, or a label that is vLLM's and not its base image's. */
export function versionInConfig(env: readonly string[], labels: Readonly<Record<string, string>>): string | undefined {
  const variable = env.find((one) => one.startsWith("VLLM_VERSION="))?.slice("VLLM_VERSION=".length);
  const label = (name: string) => labels[`org.opencontainers.image.${name}`] ?? "";
  const isOwn = ["title", "ref.name", "source"].some((name) => /vllm/i.test(label(name)));
  const told = variable ?? (isOwn ? label("version") : "");
  return /^v?(\d+\.\d\S*)$/.exec(told)?.[1];
}

/** An image's version is looked for only where its tag does not tell it and an argument depends on it. */
export const wantsVersionOfImage = (image: string, engineArgs: readonly string[]) =>
  versionOfImage(image) === undefined && dependOnVersion(engineArgs);

/** @throws UsageError naming the version that has the argument, or what took its place */
export const refuseForeignToImage = (engineArgs: readonly string[], version: string) =>
  refuseUnknownFlags(engineArgs, version, { program: "vllm serve", source: "--engine-args" });

/**
 * Refuses engine arguments that the vLLM to be started does not know; its version is asked for only where it matters.
 * @throws UsageError naming the version that has the argument, or what took its place
 */
export async function refuseForeignArguments(options: Engine, env: NodeJS.ProcessEnv): Promise<void> {
  if (!("engineArgs" in options) || options.kind === "simulated" || !dependOnVersion(options.engineArgs)) return;
  const version = options.kind === "docker" ? versionOfImage(options.docker.image) : await installedVersion(env);
  if (version === undefined) return;
  refuseUnknownFlags(options.engineArgs, version, { program: "vllm serve", source: "--engine-args" });
}

/** Says once of an engine that is later than all that is known here. */
export function warnOfNewVersion(version: string | null, { report }: Pick<Tools, "report">): void {
  if (version === null || !isNewerThanKnown(version)) return;
  report.info(`vLLM ${version} is newer than ${NEWEST_KNOWN}, the newest that pitwall knows; it is treated like that`);
}
