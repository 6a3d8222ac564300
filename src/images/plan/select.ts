import { UserError } from "../../errors.ts";
import { nearNames } from "../../near-names.ts";
import type { ImagePlan } from "./plan.ts";
import type { PlannedImage } from "./planned-image.ts";

/**
 * The images that are meant, each after the one below it: `all`, `base` for the bases alone, a group, a version, or an image
 * of pitwall.yml, with what they stand on.
 * @throws UserError with the names nearest to an unknown one
 */
export function selectImages({ images, named }: ImagePlan, targets: readonly string[]): PlannedImage[] {
  const wanted = new Set<string>();
  const want = (tag: string | undefined) => {
    if (tag === undefined) return;
    wanted.add(tag);
    want(images.get(tag)?.parent);
  };
  for (const target of targets) {
    if (target === "all") for (const tag of images.keys()) want(tag);
    else if (target === "base")
      for (const { tag, parent } of images.values()) want(parent === undefined ? tag : undefined);
    else want(named.get(target) ?? unknown(target, named.keys()));
  }
  return [...images.values()].filter(({ tag }) => wanted.has(tag));
}

function unknown(target: string, names: Iterable<string>): never {
  const known = ["all", "base", ...names];
  throw new UserError(`there is nothing called ${target} to build; did you mean ${nearNames(target, known)}?`);
}
