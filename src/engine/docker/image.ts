import { join } from "node:path";
import { askDocker, type Docker, daemonEnvironment } from "../../machine/docker/client.ts";
import { inspectImage } from "../../machine/docker/image.ts";
import { runToLog } from "../../machine/process.ts";
import type { Tools } from "../../tools.ts";
import { logsFolder } from "../../working-folder/names.ts";
import { EngineError } from "../engine-error.ts";
import { engineLogTail } from "../log.ts";
import { READ_METADATA, versionInConfig } from "../vllm/version.ts";

export interface EngineImage {
  id: string;
  /** `name@sha256:…` as a registry knows it; the id of an image that was never in one. */
  digest: string;
  entrypoint: readonly string[];
  /** Version of vLLM, as the image's own variable or label says it. */
  version: string | undefined;
}

/**
 * The image as it lies on this machine, pulled when it is missing.
 * @throws EngineError image_missing when it cannot be had, cancelled on abort
 */
export async function provideImage(docker: Docker, image: string, output: string, tools: Tools): Promise<EngineImage> {
  const found = await engineImage(docker, image, tools.env);
  if (found !== undefined) return found;
  tools.report.info(`pulling ${image}`);
  await pullImage(docker, image, output, tools);
  const pulled = await engineImage(docker, image, tools.env);
  if (pulled !== undefined) return pulled;
  throw new EngineError({ reason: "image_missing", detail: `the image ${image} was pulled, but is not there` });
}

async function engineImage(docker: Docker, image: string, env: NodeJS.ProcessEnv): Promise<EngineImage | undefined> {
  const found = await inspectImage(docker, image, env);
  if (found === undefined) return undefined;
  const { id, repoDigests, entrypoint, variables, labels } = found;
  const digest = digestOf(image, repoDigests) ?? id;
  return { id, digest, entrypoint, version: versionInConfig(variables, labels) };
}

/** The version of vLLM in an image, by its Python's package list, which takes a second; undefined when it has none. */
export async function installedInImage(
  docker: Docker,
  id: string,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const args = ["run", "--rm", "--network", "none", "--entrypoint", "python3", id, "-c", READ_METADATA];
  const { exitCode, stdout } = await askDocker(docker, args, env);
  return exitCode === 0 ? stdout.trim() : undefined;
}

/** An image may be known by several names; the one it was asked by comes first. */
export function digestOf(image: string, repoDigests: readonly string[]): string | undefined {
  const repository = image.split("@", 1)[0]!.replace(/:[^:/]*$/, "");
  const names = [repository, `docker.io/${repository}`];
  return repoDigests.find((digest) => names.includes(digest.split("@", 1)[0]!)) ?? repoDigests[0];
}

async function pullImage(docker: Docker, image: string, output: string, { env, signal }: Tools): Promise<void> {
  const logFile = join(logsFolder(output), "docker-pull.log");
  const program = [docker.program, ["pull", image]] as const;
  const end = await runToLog(...program, { logFile, env: daemonEnvironment(docker, env), signal });
  if (signal.aborted) throw new EngineError({ reason: "cancelled", detail: `cancelled while ${image} was pulled` });
  if (end === 0) return;
  const logTail = await engineLogTail({ logFile });
  throw new EngineError({ reason: "image_missing", detail: explainPull(image, logTail), logTail });
}

function explainPull(image: string, log: string): string {
  const what = `the image ${image} is not on this machine and could not be pulled`;
  if (/no space left/i.test(log)) return `${what}: the disk is full; docker system prune frees space`;
  if (/denied|unauthorized|no basic auth/i.test(log)) {
    return `${what}: it does not exist, or needs docker login; check its name`;
  }
  if (/not found|manifest unknown|invalid reference/i.test(log)) return `${what}: check its name and tag`;
  return `${what}: check the network, or load it (docker load)`;
}
