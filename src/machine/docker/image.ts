import { z } from "zod";
import { askDocker, type Docker } from "./client.ts";

const Inspected = z.object({
  Id: z.string(),
  Size: z.number().nullish(),
  RepoDigests: z.array(z.string()).nullish(),
  RootFS: z.object({ Layers: z.array(z.string()).nullish() }).nullish(),
  Config: z
    .object({
      Entrypoint: z.array(z.string()).nullish(),
      Env: z.array(z.string()).nullish(),
      Labels: z.record(z.string(), z.string()).nullish(),
    })
    .nullish(),
});

/** An image as it lies on this machine. */
export interface LocalImage {
  id: string;
  sizeBytes: number | undefined;
  /** `name@sha256:…` for each registry that it was in. */
  repoDigests: readonly string[];
  /** Digests of what it is made of, the lowest first. */
  layers: readonly string[];
  entrypoint: readonly string[];
  /** NAME=VALUE each. */
  variables: readonly string[];
  labels: Readonly<Record<string, string>>;
}

/** @returns undefined when there is none of this name */
export async function inspectImage(
  docker: Docker,
  image: string,
  env: NodeJS.ProcessEnv,
): Promise<LocalImage | undefined> {
  const { exitCode, stdout } = await askDocker(docker, ["image", "inspect", "--format", "{{json .}}", image], env);
  if (exitCode !== 0) return undefined;
  const { Id: id, Size, RepoDigests, RootFS, Config } = Inspected.parse(JSON.parse(stdout));
  return {
    ...{ id, sizeBytes: Size ?? undefined, repoDigests: RepoDigests ?? [], layers: RootFS?.Layers ?? [] },
    ...{ entrypoint: Config?.Entrypoint ?? [], variables: Config?.Env ?? [], labels: Config?.Labels ?? {} },
  };
}
