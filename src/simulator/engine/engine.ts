import type { Sequence } from "./sequence.ts";
import type { Telemetry } from "./telemetry.ts";

/** @param dueMs the moment, on the engine's clock, at which the token was to come */
export type OnToken = (sequence: Sequence, dueMs: number) => void;

export interface EngineStats {
  running: number;
  waiting: number;
  /** Share of the key-value cache that sequences hold, 0 to 1. */
  kvUsage: number;
}

/** What generates: in batches, or at a fixed pace. */
export interface Engine {
  readonly telemetry: Telemetry;
  /** `onToken` is called for each token, the last one with the sequence's state `finished`; never inside this call. */
  submit(sequence: Sequence, onToken: OnToken): void;
  abort(sequence: Sequence): void;
  stats(): EngineStats;
  /** @returns false when sequences hold blocks, so that nothing was reset */
  resetPrefixCache(): boolean;
}
