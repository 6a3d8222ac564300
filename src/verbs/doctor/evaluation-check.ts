import type { Finding } from "./check.ts";

/** What an evaluation of patches is about to use. */
export interface EvaluationPlace {
  runtime: "docker" | "local";
  /** A path, a URL, or none. */
  source: string | undefined;
  /** That it must have. */
  commits: readonly string[];
  /** Those that its tests run in, as far as they are known. */
  images: readonly string[];
  env: NodeJS.ProcessEnv;
}

export type EvaluationCheck = (place: EvaluationPlace) => Promise<EvaluationFinding | undefined>;

export interface EvaluationFinding extends Finding {
  /** Not fatal, but to be said before a run. */
  isWarning?: boolean;
}
