import { ABSENT_KERNELS_LABEL } from "../labels.ts";
import type { EngineSource } from "../specs/own-images.ts";
import { labelsOf } from "./layers.ts";
import type { PlannedImage, Platform } from "./planned-image.ts";

interface EngineLayer {
  tag: string;
  below: PlannedImage;
  platform: Platform;
  engine: EngineSource;
}

/** The engine itself, of a release or a commit. */
export function engineLayer({ tag, below, platform, engine }: EngineLayer): PlannedImage {
  const own = labelsOf(platform, below.tag, engine);
  // Inherited where the image below has kernels, which is known when that is built.
  const none: Record<string, string> = below.kernels.length === 0 ? { [ABSENT_KERNELS_LABEL]: "" } : {};
  const image = { tag, parent: below.tag, kernels: [] };
  if ("release" in engine) {
    const labels = { ...own, ...none, "org.opencontainers.image.version": engine.release };
    return { ...image, recipe: "release", args: { ENGINE_VERSION: engine.release }, labels };
  }
  const commit = "nightly" in engine ? engine.nightly : engine.source;
  const labels = { ...own, ...none, "org.opencontainers.image.revision": commit };
  if ("nightly" in engine) return { ...image, recipe: "nightly", args: { ENGINE_COMMIT: commit }, labels };
  const args = {
    ENGINE_REPOSITORY: engine.repository,
    ENGINE_COMMIT: commit,
    ENGINE_DEVICE: platform.cuda === undefined ? "cpu" : "cuda",
    ...(engine["max-jobs"] === undefined ? {} : { MAX_JOBS: String(engine["max-jobs"]) }),
  };
  return { ...image, recipe: "source", args, labels };
}
