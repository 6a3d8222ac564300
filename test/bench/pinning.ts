import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";

/** Engine and client get a core each where that can be asked for. */
export const canPin = availableParallelism() >= 2 && spawnSync("taskset", ["-c", "1", "true"]).status === 0;

/** A command that runs on one core, or as it is when that cannot be asked for. */
export const pinned = (core: number, command: readonly string[]): string[] =>
  canPin ? ["taskset", "-c", String(core), ...command] : [...command];
