import { z } from "zod";
import { cudaOfDriver } from "../../machine/host-facts.ts";
import type { Check } from "./check.ts";
import { outputOf } from "./check.ts";
import { compareCuda } from "./gpu.ts";

const Variables = z.array(z.string()).nullable();

/** What an image wants of the driver: NVIDIA's base images say it in their environment. */
function cudaOf(variables: readonly string[]): string | undefined {
  const value = (name: string) => variables.find((variable) => variable.startsWith(`${name}=`))?.slice(name.length + 1);
  return (
    /^\d+\.\d+/.exec(value("CUDA_VERSION") ?? "")?.[0] ??
    /cuda>=(\d+\.\d+)/.exec(value("NVIDIA_REQUIRE_CUDA") ?? "")?.[1]
  );
}

function variablesIn(printed: string): string[] | undefined {
  try {
    return Variables.parse(JSON.parse(printed)) ?? [];
  } catch {
    return undefined;
  }
}

export const image: Check = async ({ engine, image: name, env }) => {
  if (name === undefined) return { name: "Image", state: "absent", detail: "none given (--image)" };
  const wanted = engine === "docker" ? "missing" : "absent";
  const printed = await outputOf("docker", ["image", "inspect", "--format", "{{json .Config.Env}}", name], env);
  if (printed === undefined) {
    return { name: "Image", state: "absent", detail: `${name} is not on this machine`, fix: `docker pull ${name}` };
  }
  const variables = variablesIn(printed);
  if (variables === undefined)
    return { name: "Image", state: wanted, detail: `docker inspects ${name} in words of its own` };
  const cuda = cudaOf(variables);
  if (cuda === undefined) return { name: "Image", state: "good", detail: `${name}, which names no CUDA` };
  const known = await cudaOfDriver(env);
  if (known === null) {
    const fix = "install the NVIDIA driver, or take a CPU image with --gpus none";
    return { name: "Image", state: wanted, detail: `${name} is built for CUDA ${cuda}, and no driver is here`, fix };
  }
  const detail = `${name} is built for CUDA ${cuda}, the driver knows it up to ${known}`;
  const fit = compareCuda(known, cuda);
  if (fit === "enough") return { name: "Image", state: "good", detail };
  const fix = "update the NVIDIA driver, or take an image of an earlier CUDA";
  return { name: "Image", state: fit === "too-old" ? wanted : "absent", detail, fix };
};
