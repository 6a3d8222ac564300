import { statfs } from "node:fs/promises";
import { GIB, outputOf } from "./check.ts";
import type { EvaluationCheck } from "./evaluation-check.ts";

/** infra-gym's README asks for 50 GB for its five images of tests, with what they stand on. */
const GIB_AN_IMAGE = 10;

const docker = (env: NodeJS.ProcessEnv, ...args: string[]) => outputOf(env.PITWALL_DOCKER || "docker", args, env);

async function notHere(images: readonly string[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const isHere = await Promise.all(
    images.map((image) => docker(env, "image", "inspect", "--format", "{{.Id}}", image)),
  );
  return images.filter((_, index) => isHere[index] === undefined);
}

/** Which of the images asked for are on this machine. */
export const images: EvaluationCheck = async ({ runtime, images: asked, env }) => {
  if (runtime !== "docker" || asked.length === 0) return undefined;
  const absent = await notHere(asked, env);
  const name = "Images";
  if (absent.length === 0) return { name, state: "good", detail: asked.join(", ") };
  const fix = "they are pulled; where no registry has them, build them with: pitwall build-image";
  return { name, state: "absent", detail: `not on this machine: ${absent.join(", ")}`, fix };
};

/** Room for those images that are not here yet. */
export const imageDisk: EvaluationCheck = async ({ runtime, images: asked, env }) => {
  if (runtime !== "docker") return undefined;
  const name = "Disk of images";
  const folder = await docker(env, "info", "--format", "{{.DockerRootDir}}");
  const free = folder === undefined ? undefined : await freeGib(folder);
  // The daemon's disk may be another machine's.
  if (free === undefined) return { name, state: "absent", detail: "cannot be seen from here" };
  const count = (await notHere(asked, env)).length;
  const detail = `${free.toFixed(1)} GiB free in ${folder}`;
  if (free >= count * GIB_AN_IMAGE) return { name, state: "good", detail };
  const fix = `make room: the ${count} that are not here take about ${count * GIB_AN_IMAGE} GiB`;
  return { name, state: "absent", detail, fix, isWarning: true };
};

/** @returns undefined for a folder that is not on this machine */
export async function freeGib(folder: string): Promise<number | undefined> {
  const stats = await statfs(folder).catch(() => undefined);
  return stats && (stats.bavail * stats.bsize) / GIB;
}
