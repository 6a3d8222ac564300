import type { Instance } from "../instance.ts";

/** Whose patches are judged: the dataset's own, none at all, or a model's. */
export interface Candidate {
  /** Safe as the name of a folder. */
  name: string;
  /** Empty: nothing is changed. Undefined: it has no answer for this instance, and is not run on it. */
  patchOf(instance: Instance): string | undefined;
}

export const GOLD: Candidate = { name: "gold", patchOf: ({ goldPatch }) => goldPatch };
/** A control: tests that pass with it show nothing. */
export const EMPTY: Candidate = { name: "empty", patchOf: () => "" };
