import { createHash } from "node:crypto";
import type { Instance } from "../instance.ts";
import type { Environment, Limits } from "../runtime/runtime.ts";

/** Changes whenever the same evidence could be another by our doing: trees, commands, what counts as the end. */
const MAKER = 2;

interface MadeOf {
  instance: Instance;
  /** Undefined: the phase before it. */
  candidate: string | undefined;
  environment: Environment;
  runs: number;
  limits: Limits;
  /** All else that was chosen for the runtime. */
  settings: Readonly<Record<string, unknown>>;
}

/** What evidence was made of, as a digest: with another patch, image or limit it is other evidence. */
export function keyOf({ instance, candidate, environment, runs, limits, settings }: MadeOf): string {
  const { baseCommit, repo, testPatch, targets } = instance;
  const parts = [
    ...[MAKER, repo, baseCommit, digest(testPatch), targets],
    ...[candidate === undefined ? null : digest(candidate), environment.digest, runs, limits],
    Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return digest(JSON.stringify(parts));
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
