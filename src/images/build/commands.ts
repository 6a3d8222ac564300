import { ABSENT_KERNELS_LABEL } from "../labels.ts";
import { KEY_LABEL } from "../plan/content-key.ts";
import type { PlannedImage } from "../plan/planned-image.ts";

/** How images are built, on this machine and by this call. */
export interface BuildHow {
  /** `variable`: a client before 23, which has BuildKit behind DOCKER_BUILDKIT; `classic`: one from 23 on without buildx. */
  builder: "buildx" | "variable" | "classic";
  /** Folder of the Dockerfiles. */
  folder: string;
  registry: string | undefined;
  push: boolean;
  noCache: boolean;
  platforms: readonly string[];
  layerCache: "registry" | "gha" | undefined;
  /** NAME=VALUE each. */
  buildArgs: readonly string[];
  /** More words for `docker build`. */
  buildOptions: readonly string[];
  /** Names of variables with proxies, whose values Docker takes from its environment. */
  proxies: readonly string[];
}

/** The words of a command after the program, and what it reads. */
export interface DockerCommand {
  words: readonly string[];
  input?: string;
}

/** Where layers of other machines or platforms are at play, which only buildx can, and images may live in the registry alone. */
export const isByBuildx = ({ platforms, layerCache }: BuildHow) => layerCache !== undefined || platforms.length > 1;

/** As the registry knows it. */
export const pushedTag = (tag: string, { registry }: Pick<BuildHow, "registry">) => `${registry}/${tag}`;

/** The tag under which an image is built, and under which the next one finds it. */
export const builtTag = (tag: string, how: BuildHow) => (isByBuildx(how) && how.push ? pushedTag(tag, how) : tag);

const flags = (name: string, values: readonly string[]) => values.flatMap((value) => [name, value]);
const pairs = (values: Readonly<Record<string, string>>) =>
  Object.entries(values).map(([key, value]) => `${key}=${value}`);

function buildWords(how: BuildHow): string[] {
  if (!isByBuildx(how)) return ["build"];
  return ["buildx", "build", how.push ? "--push" : "--load"];
}

/** @param key of its content @param metadata file in which buildx notes the digest */
export function buildCommand(image: PlannedImage, key: string, how: BuildHow, metadata?: string): DockerCommand {
  const { tag, parent, recipe, args, labels } = image;
  const below: Record<string, string> = parent === undefined ? {} : { PARENT_IMAGE: builtTag(parent, how) };
  const title = { "org.opencontainers.image.title": tag };
  return {
    words: [
      ...buildWords(how),
      ...(how.noCache ? ["--no-cache"] : []),
      ...(how.platforms.length === 0 ? [] : ["--platform", how.platforms.join(",")]),
      ...cacheWords(tag, how),
      ...flags("--build-arg", [...pairs({ ...below, ...args }), ...how.buildArgs, ...how.proxies]),
      ...flags("--label", pairs({ ...title, ...labels, [KEY_LABEL]: key })),
      ...how.buildOptions,
      ...(metadata !== undefined && isByBuildx(how) ? ["--metadata-file", metadata] : []),
      ...["--tag", builtTag(tag, how), "--file", `${how.folder}/${recipe}.Dockerfile`, how.folder],
    ],
  };
}

function cacheWords(tag: string, { layerCache, registry }: BuildHow): string[] {
  const [name = "", version = ""] = tag.split(/:(?=[^:/]*$)/);
  switch (layerCache) {
    case undefined:
      return [];
    case "gha": {
      const scope = `type=gha,scope=${name}-${version}`;
      return ["--cache-from", scope, "--cache-to", `${scope},mode=max`];
    }
    case "registry": {
      const place = `type=registry,ref=${registry}/${name}-cache:${version}`;
      return ["--cache-from", place, "--cache-to", `${place},mode=max`];
    }
    default:
      return layerCache satisfies never;
  }
}

/** Prints the kernels that could not be installed. */
export const readAbsentCommand = ({ tag }: PlannedImage, how: BuildHow): DockerCommand => ({
  words: [
    ...["run", "--rm", "--network", "none", "--entrypoint", "cat"],
    ...(builtTag(tag, how) === tag ? [] : ["--pull", "always"]),
    ...[builtTag(tag, how), "/opt/pitwall/absent-kernels"],
  ],
});

/** No instruction of a Dockerfile can make a label of what a build found out: the image gets it afterwards. */
export function labelCommand({ tag }: PlannedImage, absent: string, how: BuildHow): DockerCommand {
  const built = builtTag(tag, how);
  return {
    words: [...buildWords(how), "--label", `${ABSENT_KERNELS_LABEL}=${absent}`, "--tag", built, "-"],
    input: `FROM ${built}\n`,
  };
}

/** Empty where the build itself pushes, or nobody wants it. */
export function pushCommands({ tag }: PlannedImage, how: BuildHow): DockerCommand[] {
  if (!how.push || isByBuildx(how)) return [];
  return [{ words: ["tag", tag, pushedTag(tag, how)] }, { words: ["push", pushedTag(tag, how)] }];
}
