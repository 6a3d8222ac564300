import { UserError } from "../../errors.ts";
import type { OwnImage, OwnImages } from "../specs/own-images.ts";
import type { VersionGroup, VersionSpecs } from "../specs/version-specs.ts";
import { engineLayer } from "./engine-layer.ts";
import { baseLayer, digestOf, groupLayer } from "./layers.ts";
import type { PlannedImage, Platform } from "./planned-image.ts";
import { kernelsOf, platformTag } from "./platform.ts";

const STANDARD_PREFIX = "infra-gym";

export interface PlanOptions {
  specs: VersionSpecs | undefined;
  own: OwnImages;
  /** Name of all images, in place of that in the specs. */
  tagPrefix: string | undefined;
  /** In place of those that each platform has. */
  kernels: readonly string[] | undefined;
}

/** Every image that specs and pitwall.yml ask for. */
export interface ImagePlan {
  /** By tag; each stands after the one below it. */
  images: ReadonlyMap<string, PlannedImage>;
  /** Tag of what a name means: group, version or image of pitwall.yml. */
  named: ReadonlyMap<string, string>;
}

/** @throws UserError when two images would have one tag */
export function planImages({ specs, own, tagPrefix, kernels }: PlanOptions): ImagePlan {
  const images = new Map<string, PlannedImage>();
  const named = new Map<string, string>();
  const add = (image: PlannedImage) => {
    const known = images.get(image.tag);
    if (known !== undefined && digestOf(known) !== digestOf(image))
      throw new UserError(`two different images would be called ${image.tag}: give one of them another name`);
    images.set(image.tag, image);
  };
  const name = (given: string, tag: string) => {
    if (named.has(given) || given === "base" || given === "all")
      throw new UserError(`the name ${given} has a meaning already: give the image of pitwall.yml another one`);
    named.set(given, tag);
  };
  for (const group of specs?.groups.values() ?? []) {
    const layers = layersOfGroup(group, tagPrefix, kernels);
    layers.forEach(add);
    for (const given of [group.name, ...group.versions]) name(given, layers.at(-1)!.tag);
  }
  for (const [given, image] of Object.entries(own)) {
    const layers = layersOfOwn(given, image, tagPrefix ?? STANDARD_PREFIX, kernels);
    name(given, layers.at(-1)!.tag);
    layers.forEach(add);
  }
  return { images: basesFirst(images), named };
}

/** Bases before groups before engines; otherwise in the order of the specs. */
function basesFirst(images: ReadonlyMap<string, PlannedImage>): Map<string, PlannedImage> {
  const depth = ({ parent }: PlannedImage): number => (parent === undefined ? 0 : 1 + depth(images.get(parent)!));
  return new Map([...images].toSorted(([, a], [, b]) => depth(a) - depth(b)));
}

/** Tag of a group's image, which `evaluate` runs. */
export function tagOfGroup({ image, name }: VersionGroup, tagPrefix: string | undefined): string {
  return tagPrefix === undefined ? image : `${tagPrefix}:${name}`;
}

function layersOfGroup(group: VersionGroup, tagPrefix: string | undefined, kernels: readonly string[] | undefined) {
  const { baseImage, cuda, python, pytorch, testRequirements, versions } = group;
  const platform = { baseImage, cuda, python, pytorch };
  const tag = tagOfGroup(group, tagPrefix);
  const base = baseLayer(platform, `${repositoryOf(tag)}-base:${platformTag(platform)}`);
  const labels = { "org.pitwall.versions": versions.join(",") };
  const optional = { testRequirements, kernels: kernels ?? kernelsOf(platform) };
  return [base, groupLayer({ tag, base: base.tag, platform, labels, ...optional })];
}

/** The name of an image without its tag. */
const repositoryOf = (tag: string) => tag.replace(/:[^:/]*$/, "");

function layersOfOwn(name: string, image: OwnImage, prefix: string, kernels: readonly string[] | undefined) {
  const { "base-image": baseImage, cuda, python, pytorch, "test-requirements": testRequirements, engine } = image;
  const platform: Platform = { baseImage, cuda, python, pytorch };
  const base = baseLayer(platform, `${prefix}-base:${platformTag(platform)}${suffixOf(platform)}`);
  const optional = { testRequirements, kernels: kernels ?? image.kernels ?? kernelsOf(platform) };
  const own = `${prefix}:${name}`;
  if (engine === undefined) return [base, groupLayer({ tag: own, base: base.tag, platform, labels: {}, ...optional })];
  const shared = `${prefix}:torch${pytorch}-${platformTag(platform)}-${digestOf([baseImage, optional]).slice(0, 8)}`;
  const group = groupLayer({ tag: shared, base: base.tag, platform, labels: {}, ...optional });
  return [base, group, engineLayer({ tag: own, below: group, platform, engine })];
}

/** The base of a CUDA and Python is NVIDIA's own image, else its name says that it is another one. */
function suffixOf({ baseImage, cuda }: Platform): string {
  return baseImage === `nvidia/cuda:${cuda}-devel-ubuntu22.04` ? "" : `-${digestOf(baseImage).slice(0, 8)}`;
}
