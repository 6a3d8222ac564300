import type { Instance } from "../instance.ts";
import type { Source } from "../repository/source.ts";
import type { Limits, Runtime } from "../runtime/runtime.ts";
import type { Candidate } from "./candidate.ts";
import type { SavedEvidence } from "./saved-evidence.ts";

export interface Evaluation {
  instances: readonly Instance[];
  /** In this order on each instance. */
  candidates: readonly Candidate[];
  runtime: Runtime;
  /** What was chosen for the runtime: with other choices it is other evidence. */
  settings: Readonly<Record<string, unknown>>;
  sourceOf(instance: Instance): Source;
  mirrors: string;
  output: string;
  jobs: number;
  gpus: readonly string[];
  /** How often each phase is run. */
  runs: number;
  limitsOf(instance: Instance): Limits;
  /** Take earlier evidence that was made of the same. */
  resume: boolean;
  /** In the order in which they end. */
  onFinished(instance: Instance, finished: Finished): Promise<void>;
}

/** A candidate that is through with an instance, now or in an earlier evaluation. */
export interface Finished {
  saved: SavedEvidence;
  isReused: boolean;
}
