import pLimit from "p-limit";
import type { PlannedImage } from "../plan/planned-image.ts";
import { buildImage, type Site } from "./build-image.ts";
import { type ImageOutcome, isThere } from "./outcome.ts";

/**
 * Builds images, each after the one below it, and several at once where they do not wait for each other. What fails keeps
 * only those back that stand on it.
 * @param images each after its parent, which may be left out where it is there already
 */
export async function buildImages(
  images: readonly PlannedImage[],
  keys: ReadonlyMap<string, string>,
  { jobs, ...site }: Site & { jobs: number },
): Promise<ImageOutcome[]> {
  const turn = pLimit(jobs);
  const outcomes = new Map<string, Promise<ImageOutcome>>();
  for (const image of images) {
    const below = outcomes.get(image.parent ?? "");
    outcomes.set(image.tag, buildAfter(below, image));
  }
  return Promise.all(outcomes.values());

  async function buildAfter(below: Promise<ImageOutcome> | undefined, image: PlannedImage): Promise<ImageOutcome> {
    const { tag } = image;
    const parent = await below;
    if (parent !== undefined && !isThere(parent)) {
      if (parent.kind === "cancelled") return { kind: "cancelled", tag, seconds: 0 };
      return { kind: "skipped", tag, seconds: 0, because: parent.kind === "skipped" ? parent.because : parent.tag };
    }
    return await turn(async () =>
      site.tools.signal.aborted
        ? ({ kind: "cancelled", tag, seconds: 0 } as const)
        : await buildImage(image, keys.get(tag)!, site),
    );
  }
}
