/** Name of a Dockerfile in `docker/`, without its ending. */
type Recipe = "base" | "group" | "release" | "nightly" | "source";

/** One image to be built: all that its build follows from. */
export interface PlannedImage {
  /** Name and tag, without a registry. */
  tag: string;
  recipe: Recipe;
  /** Tag of the image of ours that it stands on; undefined for a base. */
  parent: string | undefined;
  /** Build arguments, without the parent. */
  args: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  /** Optional: one that cannot be installed is noted as absent. */
  kernels: readonly string[];
}

/** What two images of one platform share. */
export interface Platform {
  baseImage: string;
  /** Undefined: for the CPU. */
  cuda: string | undefined;
  python: string;
  pytorch: string;
}
