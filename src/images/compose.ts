import { stringify } from "yaml";
import { PROXY_VARIABLES } from "../machine/proxies.ts";
import { tagOfGroup } from "./plan/plan.ts";
import type { PlannedImage } from "./plan/planned-image.ts";
import type { VersionGroup, VersionSpecs } from "./specs/version-specs.ts";

const CACHE = "/home/vllm/.cache/huggingface";
/** What compose fills in. */
const variable = (text: string) => `\${${text}}`;
const REPOSITORY = variable("VLLM_REPO_PATH:?set it to a clone of vLLM with its whole history");
const HUGGING_FACE = variable("HF_HOME:-~/.cache/huggingface");
const STACK_BYTES = 67_108_864;

/** A map in a compose file, of whatever keys. */
type Service = Record<string, unknown>;

/**
 * A compose file with a service for each group, one for tests on the CPU, and the bases, which are built first and never run.
 * @param context folder of the Dockerfiles, as seen from the file
 */
export function composeFile(
  specs: VersionSpecs,
  images: ReadonlyMap<string, PlannedImage>,
  { tagPrefix, context }: { tagPrefix: string | undefined; context: string },
): string {
  const services: Record<string, Service> = {};
  for (const image of images.values()) if (image.recipe === "base") services[baseName(image.tag)] = baseService(image);
  const groups = [...specs.groups.values()];
  for (const group of groups) services[`vllm-${group.name}`] = { ...ofGroup(group), ...ON_GPUS };
  const largest = groups.reduce((most, group) => (group.instances > most.instances ? group : most));
  services["vllm-cpu"] = onCpu(ofGroup(largest));
  return `# Written by pitwall build-image --compose.\n${stringify({ services }, { lineWidth: 0 })}`;

  function baseService(image: PlannedImage): Service {
    return { image: image.tag, build: buildOf(image, {}), command: ["true"], deploy: { replicas: 0 } };
  }

  function ofGroup(group: VersionGroup): Service {
    const image = images.get(tagOfGroup(group, tagPrefix))!;
    const build = buildOf(image, { PARENT_IMAGE: "parent" });
    const parent = { additional_contexts: { parent: `service:${baseName(image.parent!)}` } };
    return { image: image.tag, build: { ...build, ...parent }, ...RUNNING };
  }

  function buildOf({ recipe, args, labels }: PlannedImage, below: Record<string, string>) {
    const proxies = Object.fromEntries(PROXY_VARIABLES.map((name) => [name, null]));
    return { context, dockerfile: `${recipe}.Dockerfile`, args: { ...below, ...args, ...proxies }, labels };
  }
}

const baseName = (tag: string) => `base-${tag.slice(tag.lastIndexOf(":") + 1)}`;

const RUNNING: Service = {
  working_dir: "/workspace/vllm",
  volumes: [
    `${REPOSITORY}:/workspace/vllm`,
    "./results:/workspace/results",
    "./patches:/workspace/patches:ro",
    `${HUGGING_FACE}:${CACHE}`,
  ],
  environment: ["HF_TOKEN", "HF_ENDPOINT", "HF_HUB_OFFLINE", ...PROXY_VARIABLES],
  shm_size: "16gb",
  ulimits: { memlock: -1, stack: STACK_BYTES },
  stdin_open: true,
  tty: true,
};

const ON_GPUS: Service = {
  deploy: { resources: { reservations: { devices: [{ driver: "nvidia", count: "all", capabilities: ["gpu"] }] } } },
};

const onCpu = (service: Service): Service => ({
  ...service,
  environment: ["CUDA_VISIBLE_DEVICES=", ...(service.environment as string[])],
  shm_size: "4gb",
});
