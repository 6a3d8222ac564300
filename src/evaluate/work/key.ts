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

/** What was asked, as a digest: commit, tests and patch. @param patch undefined: the phase before it */
export function taskOf({ repo, baseCommit, testPatch, targets }: Instance, patch: string | undefined): string {
  const candidate = patch === undefined ? null : digest(patch);
  return digest(JSON.stringify([repo, baseCommit, digest(testPatch), targets, candidate]));
}

/** What evidence was made of, as a digest: with another patch, image or limit it is other evidence. */
export function keyOf({ instance, candidate, environment, runs, limits, settings }: MadeOf): string {
  const parts = [
    ...[MAKER, taskOf(instance, candidate), environment.digest, runs, limits],
    Object.entries(settings).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return digest(JSON.stringify(parts));
}

const digest = (text: string) => createHash("sha256").update(text).digest("hex");
