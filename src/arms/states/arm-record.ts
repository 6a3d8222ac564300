import type { Failure } from "../../result/document/reason.ts";
import type { Run } from "../../result/document/run.ts";
import { type Arm, hostOf } from "../arm.ts";

/** One measurement of an arm that gave numbers. */
export interface Measured {
  /** From 1. */
  block: number;
  /** Its middle, in seconds of a clock that goes on evenly. */
  at: number;
  run: Run;
  /** As the engine said it; null where none did. */
  maxModelLen: number | null;
}

/** An arm, and all that its measurements came to. */
export interface ArmRecord {
  arm: Arm;
  measured: readonly Measured[];
  /** Why it is not measured any more. */
  failure?: Failure;
  /** Cells that have no numbers though others of it do, and why. */
  gaps: ReadonlyMap<string, Failure>;
}

/** Whose failure it is: the patch's only where its base ran in the very same image or program. */
export function blameOf({ arm, failure }: ArmRecord, all: readonly ArmRecord[]): "patch" | "environment" | undefined {
  if (failure === undefined) return undefined;
  if (failure.reason === "patch_failed" || failure.reason === "no_patch") return "patch";
  const hasRun = all.some(
    (one) => one.arm.patch !== arm.patch && one.measured.length > 0 && hostOf(one.arm) === hostOf(arm),
  );
  return arm.patch !== undefined && hasRun ? "patch" : "environment";
}
