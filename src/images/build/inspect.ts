import type { Docker } from "../../machine/docker/client.ts";
import { inspectImage, type LocalImage } from "../../machine/docker/image.ts";
import { ABSENT_KERNELS_LABEL, absentKernels } from "../labels.ts";
import { KEY_LABEL } from "../plan/content-key.ts";
import type { PlannedImage } from "../plan/planned-image.ts";

/** A client of Docker, and the environment that it is started with. */
export interface DockerClient extends Docker {
  env: NodeJS.ProcessEnv;
}

/** @returns undefined when there is none */
export const inspectBuilt = (tag: string, docker: DockerClient): Promise<LocalImage | undefined> =>
  inspectImage(docker, tag, docker.env);

/** What a registry calls an image that was pushed there as this; undefined when it was not. */
export function digestAt(pushed: string, { repoDigests }: LocalImage): string | undefined {
  const repository = pushed.replace(/:[^:/]*$/, "");
  return repoDigests.find((one) => one.startsWith(`${repository}@`));
}

/**
 * Whether an image is what a build would make, and was finished.
 * @param below the image that it is to stand on, as it is now: that may have been built anew; undefined where it is not here
 */
export const isCurrent = (image: PlannedImage, key: string, { labels, layers }: LocalImage, below?: LocalImage) =>
  labels[KEY_LABEL] === key &&
  (image.kernels.length === 0 || labels[ABSENT_KERNELS_LABEL] !== undefined) &&
  (below?.layers ?? []).every((layer, at) => layers[at] === layer);

export const absentIn = ({ labels }: LocalImage) => absentKernels(labels) ?? [];
