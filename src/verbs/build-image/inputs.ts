import { z } from "zod";
import { UsageError, UserError } from "../../errors.ts";
import { OwnImages } from "../../images/specs/own-images.ts";
import { bareWords, choice, commonInputs, fileList, flag, parsed, parsedList, text, words } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { integer } from "../schema/number-fields.ts";
import { proxyInputs } from "../schema/proxies.ts";
import { yamlValue } from "../schema/yaml-value.ts";

/** @throws UserError */
function parseBuildArg(value: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(value)) return value;
  throw new UserError("must be NAME=VALUE, as in PIP_INDEX_URL=https://example.org/simple");
}

/** @throws UserError */
function parsePlace(value: string): string {
  if (/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?(\/[a-z0-9._-]+)*$/.test(value)) return value;
  throw new UserError("must be a registry's host, with a port or a path where it has one, as in ghcr.io/owner");
}

/** @throws UserError */
function parsePrefix(value: string): string {
  if (/^[a-z0-9]+([._/-][a-z0-9]+)*$/.test(value)) return value;
  throw new UserError("must be the name of images without a tag, in small letters, as in infra-gym");
}

/** @throws UserError */
function parsePlatform(value: string): string {
  if (/^[a-z0-9]+\/[a-z0-9_]+(\/[a-z0-9]+)?$/.test(value)) return value;
  throw new UserError("must be a platform, as in linux/arm64");
}

const kernelList = z.preprocess(
  (value) => (value === "none" || (Array.isArray(value) && value.length === 0) ? [] : value),
  z.union([z.array(z.string()).max(0), fileList("")]),
);

const what = inGroup("Images (build-image)", {
  specs: text("infra-gym's version_specs.json (default: version_specs.json, if there is one).", "FILE").optional(),
  images: yamlValue(
    OwnImages,
    "Images of our own, by name: base image, CUDA, Python, PyTorch, engine; see docs/images.md.",
  ).optional(),
  kernels: kernelList
    .meta({
      description: "Optional kernels, or none (default: flash-attn and flashinfer where CUDA and PyTorch have them).",
      placeholder: "NAME,…|none",
    })
    .optional(),
  tagPrefix: parsed(
    parsePrefix,
    "Name of the images in place of that in the specs (default: DOCKER_TAG_PREFIX, if it is set).",
    "NAME",
  ).optional(),
  mapping: text("ISO-Bench's mapping of commits to parents: build images of both.", "FILE").optional(),
  commits: fileList("Of the mapping: commits by how they begin, or all.").meta({ placeholder: "SHA,…" }).optional(),
  template: text("Of the mapping: the image of pitwall.yml that those of commits are made like.", "NAME").optional(),
});

const build = inGroup("Builds (build-image)", {
  registry: parsed(parsePlace, "Registry, with a path where it has one (default: DOCKER_REGISTRY).", "HOST").optional(),
  push: flag("Push what was built to the registry.").default(false),
  cache: flag("Take layers and images that are there already; without it everything is built anew.").default(true),
  layerCache: choice(
    ["registry", "gha"],
    "Keep layers in the registry or in GitHub's cache, for other machines; needs buildx.",
  ).optional(),
  platforms: parsedList(
    parsePlatform,
    "Platforms to build for (default: this one's); several need buildx, --push and --kernels none.",
    "OS/ARCH,…",
  ).optional(),
  buildArgs: parsedList(parseBuildArg, "More build arguments, for every image.", "NAME=VALUE").default([]),
  buildOptions: words("More words for docker build, as in --network host.").default([]),
  jobs: integer("Images that are built at once.", { max: 256 }).default(2),
});

export const buildImageInputs = z.strictObject({
  targets: bareWords(
    "What to build: all, base, version groups, versions, images of pitwall.yml; each with what it stands on (default: all).",
  ).optional(),
  ...inGroup("What to do", {
    compose: text("Write a compose file and the Dockerfiles into this folder, and build nothing.", "DIR").optional(),
    dryRun: flag("Print the commands, and run none.").default(false),
  }),
  ...what,
  ...build,
  ...proxyInputs,
  ...commonInputs,
});
export type BuildImageInputs = z.output<typeof buildImageInputs>;

/** @throws UsageError for inputs that mean nothing beside others */
export function refuseBuild(given: BuildImageInputs): void {
  const { push, registry, layerCache, platforms = [], kernels, mapping, commits, template, targets } = given;
  if (push && registry === undefined)
    throw new UsageError("--push needs a registry: give --registry, or set DOCKER_REGISTRY");
  if (layerCache === "registry" && registry === undefined)
    throw new UsageError("--layer-cache registry needs a registry: give --registry, or set DOCKER_REGISTRY");
  if (platforms.length > 1 && !push)
    throw new UsageError("images for several platforms live in a registry only: give --push");
  if (platforms.length > 1 && (kernels === undefined || kernels.length > 0))
    throw new UsageError(
      "what is absent would differ between platforms: give --kernels none, or build each platform by itself",
    );
  if (mapping === undefined && (commits ?? template) !== undefined)
    throw new UsageError("--commits and --template go with --mapping");
  if (mapping !== undefined && commits === undefined)
    throw new UsageError("--mapping needs --commits SHA,… or --commits all");
  if (mapping !== undefined && targets !== undefined)
    throw new UsageError("give either targets or --mapping, which says itself what is built");
}
