import { cp } from "node:fs/promises";
import { join } from "node:path";
import { dockerOf, requireDaemon } from "../../engine/docker/client.ts";
import { UsageError, UserError } from "../../errors.ts";
import { writeFileAtomically, writeJson } from "../../files.ts";
import { buildImages } from "../../images/build/build-images.ts";
import { type BuildHow, isByBuildx } from "../../images/build/commands.ts";
import { shellLines } from "../../images/build/shell-lines.ts";
import { composeFile } from "../../images/compose.ts";
import { contentKeys } from "../../images/plan/content-key.ts";
import type { PlannedImage } from "../../images/plan/planned-image.ts";
import { RECIPES_FOLDER, readRecipes } from "../../images/recipes.ts";
import { shellWord } from "../../machine/shell-line.ts";
import type { Tools } from "../../tools.ts";
import { logsFolder } from "../../working-folder/names.ts";
import { proxyRemark, withProxies } from "../schema/proxies.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { builderOf, buildHow } from "./how.ts";
import { type BuildImageInputs, buildImageInputs, refuseBuild } from "./inputs.ts";
import { type Chosen, chooseImages } from "./plan.ts";
import { outcomeOf, recordOf } from "./report.ts";

export const buildImage = defineVerb({
  name: "build-image",
  description: "Builds images of engines in layers, from infra-gym's version specs or specs of our own.",
  inputs: buildImageInputs,
  positional: "targets",
  outputs: {
    images: "Images that were asked for, with what they stand on.",
    built: "Those that were built now.",
    unchanged: "Those that were there already, of the same content.",
    failed: "Those whose build or push failed.",
    skipped: "Those that stand on one that failed.",
    digests: "One entry an image: its name, and its digest in the registry, or its id where it was not pushed.",
    results: "File with all of it: digest, size, duration, absent kernels, or why it failed.",
  },
  async run(given, outer) {
    const inputs = withStandards(given, outer.env);
    refuseBuild(inputs);
    const chosen = await chooseImages(inputs);
    if (inputs.compose !== undefined) return await writeCompose(inputs.compose, inputs, chosen);
    const tools = withProxies(outer, inputs);
    const how = buildHow(inputs, await builderOf(tools.env), tools.env);
    refuseBuilder(how, chosen.images);
    const keys = contentKeys(chosen.images, await readRecipes(), [how.platforms, how.buildArgs, how.buildOptions]);
    if (inputs.dryRun) return printed(chosen.images, keys, how, proxyRemark(inputs, tools.env));
    return await buildAll(chosen.images, keys, how, inputs, tools);
  },
});

/** What Docker's own variables say, where nothing else does. */
function withStandards(inputs: BuildImageInputs, env: NodeJS.ProcessEnv): BuildImageInputs {
  const { registry, tagPrefix } = buildImageInputs.shape;
  return {
    ...inputs,
    registry: inputs.registry ?? registry.parse(env.DOCKER_REGISTRY || undefined),
    tagPrefix: inputs.tagPrefix ?? tagPrefix.parse(env.DOCKER_TAG_PREFIX || undefined),
  };
}

/** @throws UserError before anything is built */
function refuseBuilder(how: BuildHow, images: readonly PlannedImage[]): void {
  const install = "install buildx (docker-buildx-plugin)";
  if (isByBuildx(how) && how.builder !== "buildx")
    throw new UserError(`--layer-cache and several platforms need buildx, which this docker has not: ${install}`);
  const sources = images.filter(({ recipe }) => recipe === "source");
  if (how.builder === "classic" && sources.length > 0)
    throw new UserError(`${sources[0]!.tag} is built from source, which needs BuildKit: ${install}`);
}

function printed(
  images: readonly PlannedImage[],
  keys: ReadonlyMap<string, string>,
  how: BuildHow,
  remark: readonly string[],
): Outcome {
  const lines = images.flatMap((image) => shellLines(image, keys.get(image.tag)!, how));
  return { ok: true, outputs: nothingDone(images), text: [...remark, ...lines].join("\n") };
}

const nothingDone = (images: readonly PlannedImage[]) => ({
  images: images.map(({ tag }) => tag),
  ...{ built: [], unchanged: [], failed: [], skipped: [], digests: [], results: null },
});

async function buildAll(
  images: readonly PlannedImage[],
  keys: ReadonlyMap<string, string>,
  how: BuildHow,
  { output, jobs }: BuildImageInputs,
  tools: Tools,
): Promise<Outcome> {
  const client = dockerOf(tools.env);
  await requireDaemon(client, tools.env);
  if (how.builder === "classic")
    tools.report.warning("this docker has no buildx, so its old builder is used, one image at a time");
  const buildkit = how.builder === "variable" ? { DOCKER_BUILDKIT: "1" } : {};
  const docker = { ...client, env: { ...tools.env, ...buildkit } };
  const site = { docker, how, logs: logsFolder(output), tools, jobs };
  const outcomes = await buildImages(images, keys, site);
  const results = join(output, "images.json");
  await writeJson(results, outcomes.map(recordOf));
  tools.signal.throwIfAborted();
  return outcomeOf(outcomes, results);
}

async function writeCompose(
  folder: string,
  { tagPrefix }: BuildImageInputs,
  { specs, plan, images }: Chosen,
): Promise<Outcome> {
  if (specs === undefined) throw new UsageError("--compose needs the version specs: give --specs FILE");
  await cp(RECIPES_FOLDER, join(folder, "docker"), { recursive: true });
  const file = join(folder, "docker-compose.yml");
  await writeFileAtomically(file, composeFile(specs, plan.images, { tagPrefix, context: "./docker" }));
  const text = `${file} and its Dockerfiles are written: cd ${shellWord(folder)} && docker compose build`;
  return { ok: true, outputs: nothingDone(images), text };
}
