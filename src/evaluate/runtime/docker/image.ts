import { absentKernels } from "../../../images/labels.ts";
import { askDocker, type Docker, daemonProblem, lastLine } from "../../../machine/docker/client.ts";
import { inspectImage } from "../../../machine/docker/image.ts";
import type { Tools } from "../../../tools.ts";
import type { Instance } from "../../instance.ts";
import { type Environment, type Stopped, stopped } from "../runtime.ts";

export interface TestImages {
  /** The image of an instance as it lies here, looked at once. */
  environmentOf(instance: Instance, tools: Tools): Promise<Environment | Stopped>;
  /** Any that was looked at. */
  anyId(): string | undefined;
}

export function testImages(docker: Docker, imageOf: (instance: Instance) => string | undefined): TestImages {
  const looked = new Map<string, Promise<Environment | Stopped>>();
  let seen: string | undefined;
  return {
    async environmentOf(instance, tools) {
      const image = imageOf(instance);
      if (image === undefined)
        return stopped("container", "environment", "no image is known for it: give --specs or --image");
      const found = looked.get(image) ?? lookAt(docker, image, tools);
      looked.set(image, found);
      const environment = await found;
      if ("digest" in environment) seen ??= environment.digest;
      return environment;
    },
    anyId: () => seen,
  };
}

/** @returns the image's id, which changes with any byte of it */
async function lookAt(docker: Docker, image: string, { env, report, signal }: Tools): Promise<Environment | Stopped> {
  const problem = await daemonProblem(docker, env);
  if (problem !== undefined) return stopped("container", "environment", problem);
  const found = (await inspectImage(docker, image, env)) ?? (await pull(docker, image, { env, report, signal }));
  if (found === undefined) {
    const detail = `the image ${image} is not on this machine: build it with pitwall build-image, or give --image`;
    return stopped("container", "environment", detail);
  }
  const absent = absentKernels(found.labels) ?? [];
  if (absent.length > 0)
    report.warning(`${image} lacks ${absent.join(", ")}: tests that need them fail for that reason`);
  return { name: image, digest: found.id, ...(absent.length === 0 ? {} : { absentKernels: absent }) };
}

/** Only of a name with a registry or an account in it: one without is built here. */
async function pull(docker: Docker, image: string, { env, report }: Tools) {
  if (!image.includes("/")) return undefined;
  report.info(`pulling ${image}`);
  const { exitCode, stderr } = await askDocker(docker, ["pull", "--quiet", image], env);
  if (exitCode !== 0) report.warning(`${image} could not be pulled: ${lastLine(stderr)}`);
  return inspectImage(docker, image, env);
}

/** The network of a container that may reach out; on a machine without a bridge the host's. */
export async function openNetworkOf(docker: Docker, env: NodeJS.ProcessEnv): Promise<"bridge" | "host"> {
  const { exitCode } = await askDocker(docker, ["network", "inspect", "bridge"], env);
  return exitCode === 0 ? "bridge" : "host";
}
