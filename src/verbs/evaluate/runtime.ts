import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { UsageError, UserError } from "../../errors.ts";
import type { Instance } from "../../evaluate/instance.ts";
import { dockerRuntime } from "../../evaluate/runtime/docker/docker.ts";
import { localRuntime } from "../../evaluate/runtime/local/local.ts";
import { isOfCpu } from "../../evaluate/runtime/pytest.ts";
import type { Limits, Runtime } from "../../evaluate/runtime/runtime.ts";
import { groupOfVersion, type VersionSpecs } from "../../images/specs/version-specs.ts";
import { findDocker, NO_DOCKER } from "../../machine/docker/client.ts";
import type { EvaluateInputs } from "./inputs.ts";

/** What of the inputs makes other evidence, beside patches, tests and limits. */
export function settingsOf(inputs: EvaluateInputs): Record<string, unknown> {
  const { runtime, skipSetup, skipBuild, editable, network, containerUser, shmSize } = inputs;
  return runtime === "local"
    ? { runtime, skipSetup }
    : { runtime, skipSetup, skipBuild, editable, network, containerUser, shmSize };
}

/** @param specs undefined where none were given @throws UserError when there is no docker client */
export function runtimeOf(inputs: EvaluateInputs, specs: VersionSpecs | undefined, env: NodeJS.ProcessEnv): Runtime {
  if (inputs.runtime === "local") {
    const { skipSetup: skipSetUp, requirements } = inputs;
    return localRuntime({ skipSetUp, requirements, venvs: join(cacheFolder(env), "venvs") });
  }
  const docker = findDocker(env);
  if (docker === undefined) throw new UserError(`${NO_DOCKER}; or give --runtime local for tests of the CPU`);
  const { skipBuild, editable, shmSize, network, containerUser: user, skipSetup: skipSetUp } = inputs;
  const settings = { skipSetUp, skipBuild, editable, shmSize, network, user, modelCache: modelCache(env) };
  return dockerRuntime({ ...settings, docker, env, imageOf: (instance) => imageOf(instance, inputs, specs) });
}

/** @throws UsageError for what does not go with the runtime, and for a size that Docker would refuse once an instance */
export function refuseForRuntime({ runtime, image, shmSize, containerUser, editable }: EvaluateInputs): void {
  if (runtime === "docker" && shmSize !== undefined && !/^\d+(\.\d+)?[bkmg]?b?$/i.test(shmSize))
    throw new UsageError(`--shm-size: ${shmSize} is no size like 512m or 32g`);
  if (runtime === "docker") return;
  const given = { image, "shm-size": shmSize, "container-user": containerUser, editable: editable || undefined };
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw new UsageError(`--${name} goes with --runtime docker, not with --runtime local`);
}

/** @throws UserError for a version that no group has */
export function imageOf(
  { version }: Instance,
  { image }: Pick<EvaluateInputs, "image">,
  specs: VersionSpecs | undefined,
): string | undefined {
  if (image !== undefined) return image;
  return version === undefined || specs === undefined ? undefined : groupOfVersion(specs, version).image;
}

/** The images of these, each once. @throws UserError for a version that no group has */
export function imagesOf(
  instances: readonly Instance[],
  inputs: Pick<EvaluateInputs, "image">,
  specs: VersionSpecs | undefined,
): string[] {
  const images = instances.map((instance) => imageOf(instance, inputs, specs));
  return [...new Set(images.filter((image) => image !== undefined))];
}

/** What all evaluations of this user share. */
export function cacheFolder(env: NodeJS.ProcessEnv): string {
  return resolve(env.XDG_CACHE_HOME || join(env.HOME || homedir(), ".cache"), "pitwall", "evaluate");
}

/** The cache of Hugging Face, where there is one. */
function modelCache(env: NodeJS.ProcessEnv): string | undefined {
  const folder = resolve(env.HF_HOME || join(env.HOME || homedir(), ".cache", "huggingface"));
  return existsSync(folder) ? folder : undefined;
}

const TEST_SECONDS = { cpu: 120, other: 600 };
const INSTANCE_SECONDS = 1800;

/** Limits of each instance: one of the CPU compiles nothing. */
export function limitsOf(inputs: EvaluateInputs): (instance: Instance) => Limits {
  const { timeout, setupTimeout, testTimeout, instanceTimeout, runtime, skipSetup, skipBuild } = inputs;
  const compiles = runtime === "docker" && !skipSetup && !skipBuild;
  return (instance) => ({
    phaseSeconds: timeout,
    setUpSeconds: setupTimeout,
    testSeconds: testTimeout ?? (isOfCpu(instance) ? TEST_SECONDS.cpu : TEST_SECONDS.other),
    instanceSeconds: instanceTimeout ?? INSTANCE_SECONDS + (compiles && !isOfCpu(instance) ? 2 * setupTimeout : 0),
  });
}
