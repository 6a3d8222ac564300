import type { DockerOptions } from "../../engine/docker/run.ts";
import { UsageError } from "../../errors.ts";
import { text, words } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";

export const dockerInputs = inGroup("Docker", {
  image: text("With engine docker: the vLLM image, pulled when it is missing.", "IMAGE").optional(),
  gpus: text("With engine docker: auto for all that there are, none, or what docker run --gpus takes.", "GPUS").default(
    "auto",
  ),
  shmSize: text("With engine docker: size of /dev/shm, like 16g (default: the host's).", "SIZE").optional(),
  dockerArgs: words("With engine docker: more arguments for docker run.").default([]),
});

interface Inputs {
  image?: string | undefined;
  gpus: string;
  shmSize?: string | undefined;
  dockerArgs: string[];
}

/** @throws UsageError when inputs of a container do not fit together */
export function dockerOptions({ image, gpus, shmSize, dockerArgs }: Inputs): DockerOptions {
  if (image === undefined) throw new UsageError("--engine docker needs an --image, like vllm/vllm-openai:v0.11.0");
  if (/^-|\s/.test(image)) throw new UsageError(`--image: “${image}” is no name of an image`);
  if (shmSize !== undefined && !/^\d+[bkmg]?$/i.test(shmSize)) {
    throw new UsageError(`--shm-size: “${shmSize}” is no size; write it like 16g`);
  }
  refuseOwnDockerArguments(dockerArgs);
  return { image, gpus, shmSize, dockerArgs };
}

/** @throws UsageError when an engine that runs in no container is given inputs of one */
export function refuseDockerInputs(kind: string, { image, gpus, shmSize, dockerArgs }: Inputs): void {
  const given = { image, gpus: gpus === "auto" ? undefined : gpus, "shm-size": shmSize, "docker-args": dockerArgs[0] };
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw new UsageError(`--${name} goes with --engine docker, not with --engine ${kind}`);
}

const FOUND_BY_NAME = "pitwall names the container, to find it again";
const IN_FOREGROUND = "pitwall keeps the container in the foreground, to see its end and its log";
const OWN: Record<string, string> = {
  "--name": FOUND_BY_NAME,
  "--cidfile": FOUND_BY_NAME,
  "-d": IN_FOREGROUND,
  "--detach": IN_FOREGROUND,
  "--restart": "an engine that died must not come back in the middle of a measurement",
  "--gpus": "give pitwall the --gpus instead",
  "-p": "give pitwall the --port instead: it must know where to ask",
  "--publish": "give pitwall the --port instead: it must know where to ask",
};
const SECRET_VARIABLE = /^(?:(?:-e|--env)=?)?(\w*(?:TOKEN|SECRET|PASSWORD|KEY))=/i;

function refuseOwnDockerArguments(dockerArgs: readonly string[]): void {
  const [first] = dockerArgs;
  if (first !== undefined && !first.startsWith("-")) {
    throw new UsageError(`--docker-args must begin with a flag of docker run, not with “${first}”`);
  }
  for (const argument of dockerArgs) {
    const why = OWN[argument.split("=", 1)[0]!];
    if (why !== undefined) throw new UsageError(`--docker-args must not hold ${argument.split("=", 1)[0]}: ${why}`);
    const [, variable] = SECRET_VARIABLE.exec(argument) ?? [];
    if (variable === undefined) continue;
    throw new UsageError(
      `--docker-args must not hold the value of ${variable}: it is stored with the results; put it into the environment and give -e ${variable}`,
    );
  }
}
