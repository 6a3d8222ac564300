/** One task: a commit with a defect, tests that show it, and the patch that mended it. */
export interface Instance {
  /** Safe as the name of a folder. */
  id: string;
  /** `owner/name`. */
  repo: string;
  version: string | undefined;
  /** 40 hex digits. */
  baseCommit: string;
  testPatch: string;
  goldPatch: string;
  targets: Targets;
  /** What must pass afterwards; undefined where the gold patch's two phases say it. */
  lists: TestLists | undefined;
  category: Category | undefined;
  /** 0 where no GPU is needed. */
  minGpus: number;
}

/** What pytest is asked to run: never the whole repository. */
export type Targets = { kind: "ids" | "files"; paths: readonly string[] } | { kind: "none" };

/** Ids of tests as pytest prints them. */
export interface TestLists {
  failToPass: readonly string[];
  passToPass: readonly string[];
}

/** What a test needs of the machine, in infra-gym's names. */
export const CATEGORIES = ["gpu_distributed", "gpu_model", "api_server", "unit_cpu"] as const;
export type Category = (typeof CATEGORIES)[number];
