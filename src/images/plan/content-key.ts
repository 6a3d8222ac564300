import { digestOf } from "./layers.ts";
import type { PlannedImage } from "./planned-image.ts";

/** An image's content: two builds with the same key would make the same. */
export const KEY_LABEL = "org.pitwall.content-key";

/** Texts of the files in `docker/`, by name. */
export type RecipeTexts = ReadonlyMap<string, string>;

/** Keys of images by tag: each follows from Dockerfile, the files that it copies, arguments, labels and the image below. */
export function contentKeys(images: readonly PlannedImage[], texts: RecipeTexts, more: unknown): Map<string, string> {
  const keys = new Map<string, string>();
  for (const { tag, recipe, parent, args, labels, kernels } of images) {
    const dockerfile = texts.get(`${recipe}.Dockerfile`)!;
    const copied = dockerfile.split("\n").filter((line) => line.startsWith("COPY "));
    const names = copied.flatMap((line) => line.split(" ")).filter((word) => word.endsWith(".sh"));
    const files = names.map((name) => texts.get(name));
    const below = parent === undefined ? null : (keys.get(parent) ?? null);
    keys.set(tag, digestOf([dockerfile, files, args, labels, kernels, below, more]));
  }
  return keys;
}
