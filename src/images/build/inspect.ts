import { z } from "zod";
import { runCommand } from "../../machine/command.ts";
import { ABSENT_KERNELS_LABEL, absentKernels } from "../labels.ts";
import { KEY_LABEL } from "../plan/content-key.ts";
import type { PlannedImage } from "../plan/planned-image.ts";

/** A client of Docker, and the environment in which it finds its daemon. */
export interface DockerClient {
  program: string;
  env: NodeJS.ProcessEnv;
}

const Inspected = z.object({
  Id: z.string(),
  Size: z.number(),
  RepoDigests: z.array(z.string()).nullish(),
  Config: z.object({ Labels: z.record(z.string(), z.string()).nullish() }).nullish(),
});

/** An image as it lies on this machine. */
export interface BuiltImage {
  id: string;
  /** `name@sha256:…`, once it was pushed. */
  digest: string | undefined;
  sizeBytes: number;
  labels: Readonly<Record<string, string>>;
}

/** @returns undefined when there is none */
export async function inspectBuilt(tag: string, docker: DockerClient, pushed = tag): Promise<BuiltImage | undefined> {
  const args = ["image", "inspect", "--format", "{{json .}}", tag];
  const { exitCode, stdout } = await runCommand(docker.program, args, { env: docker.env });
  if (exitCode !== 0) return undefined;
  const { Id: id, Size: sizeBytes, RepoDigests, Config } = Inspected.parse(JSON.parse(stdout));
  const repository = pushed.replace(/:[^:/]*$/, "");
  const digest = RepoDigests?.find((one) => one.startsWith(`${repository}@`));
  return { id, digest, sizeBytes, labels: Config?.Labels ?? {} };
}

/** Whether an image is what a build would make, and was finished. */
export const isCurrent = (image: PlannedImage, key: string, { labels }: BuiltImage) =>
  labels[KEY_LABEL] === key && (image.kernels.length === 0 || labels[ABSENT_KERNELS_LABEL] !== undefined);

export const absentIn = ({ labels }: BuiltImage) => absentKernels(labels) ?? [];
