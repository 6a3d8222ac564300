import { chmod, mkdtemp, rm } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { dockerOf } from "../engine/docker/client.ts";
import type { ContainerEngine, LocalEngine } from "../engine/engine.ts";
import { messageOf, UserError } from "../errors.ts";
import { makeFolder } from "../files.ts";
import { askDocker } from "../machine/docker/client.ts";
import type { Tools } from "../tools.ts";
import { startCacheFolder } from "../working-folder/names.ts";

/** Engines that pitwall starts itself. */
export type StartedEngine = LocalEngine | ContainerEngine;

/** Inside the working folder, where the next benchmark finds what a killed one left. */
const cacheRoot = (output: string) => resolve(startCacheFolder(output));
/** Where a container sees its cache. */
const INNER_CACHE = "/pitwall-start-cache";

/**
 * What leads to caches of compiled code: vLLM's own, which holds those of torch.compile and DeepGEMM, Inductor's and
 * Triton's, where the user had named others, and that of the CUDA driver. Hugging Face's models are no part of it.
 */
function cacheVariables(folder: string): Record<string, string> {
  return {
    VLLM_CACHE_ROOT: `${folder}/vllm`,
    TORCHINDUCTOR_CACHE_DIR: `${folder}/inductor`,
    TRITON_CACHE_DIR: `${folder}/triton`,
    CUDA_CACHE_PATH: `${folder}/cuda`,
  };
}

/** The engine with its caches in this folder, and the environment to start it in. */
export function withCache<E extends StartedEngine>(
  engine: E,
  folder: string,
  env: NodeJS.ProcessEnv,
): { engine: E; env: NodeJS.ProcessEnv } {
  if (engine.kind !== "docker") return { engine, env: { ...env, ...cacheVariables(folder) } };
  const variables = Object.entries(cacheVariables(INNER_CACHE)).flatMap(([name, value]) => [
    "--env",
    `${name}=${value}`,
  ]);
  const dockerArgs = [...engine.docker.dockerArgs, "--volume", `${folder}:${INNER_CACHE}`, ...variables];
  return { engine: { ...engine, docker: { ...engine.docker, dockerArgs } }, env };
}

/** An empty folder, removed on disposal. */
export interface StartCache extends AsyncDisposable {
  folder: string;
}

export async function openStartCache(name: string, engine: StartedEngine, tools: Tools): Promise<StartCache> {
  const root = cacheRoot(engine.output);
  try {
    await makeFolder(root);
    // A name that nothing had before: what could not be removed must not warm a cold start.
    const folder = await mkdtemp(resolve(root, `${name}-`));
    // Whoever a container runs as.
    if (engine.kind === "docker") await chmod(folder, 0o777);
    return { folder, [Symbol.asyncDispose]: () => removeFolder(folder, engine, tools) };
  } catch (cause) {
    throw new UserError(`no folder could be made in ${root}: ${messageOf(cause)}. Check free space and permissions.`, {
      cause,
    });
  }
}

/** Removes all caches of this working folder, those of a killed benchmark included. */
export const removeStartCaches = (engine: StartedEngine, tools: Tools) =>
  removeFolder(cacheRoot(engine.output), engine, tools);

/** What is left behind costs space and no result: a warning names it. */
async function removeFolder(folder: string, engine: StartedEngine, { env, report }: Tools): Promise<void> {
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 });
  try {
    await remove().catch(async (cause) => {
      if (engine.kind !== "docker") throw cause;
      await removeAsRoot(folder, engine.docker.image, env);
    });
  } catch (cause) {
    report.warning(`${folder} could not be removed: ${messageOf(cause)}. Remove it yourself: sudo rm -r ${folder}`);
  }
}

/** A container's files are those of the user it runs as, often root; a container of the same image may remove them. */
async function removeAsRoot(folder: string, image: string, env: NodeJS.ProcessEnv): Promise<void> {
  const parent = "/pitwall-parent";
  const args = ["run", "--rm", "--user", "0", "--network", "none", "--volume", `${dirname(folder)}:${parent}`];
  const command = ["--entrypoint", "rm", image, "-rf", `${parent}/${basename(folder)}`];
  const { exitCode, stderr } = await askDocker(dockerOf(env), [...args, ...command], env);
  if (exitCode !== 0) throw new UserError(stderr.trim().split("\n", 1)[0]!);
}
