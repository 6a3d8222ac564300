import type { Reason } from "../result/reason.ts";

/** How tokens are chosen. `n`: sequences a prompt, or the width of the beam. */
export interface Sampling {
  n: number;
  temperature: number;
  topP: number;
  detokenize: boolean;
  beamSearch: boolean;
}

/** One batch to measure. Lengths in tokens. */
export interface SweepCell {
  /** The cell's id in the run document. */
  id: string;
  batchSize: number;
  inputLen: number;
  outputLen: number;
  sampling: Sampling;
}

/** What one sweep asks of one engine, cell after cell. */
export interface SweepPlan {
  cells: SweepCell[];
  warmup: number;
  iterations: number;
  seed: number;
  /** Folder for a profile of one more batch of each cell; null: none. */
  profileDir: string | null;
}

/** Token counts of each prompt of the last iteration, as the engine reported them; output over all its sequences. */
interface Tokens {
  inputTokens: number[];
  outputTokens: number[];
}

interface SizeClock {
  /** Id of the cell. */
  cell: string;
  startedAt: Date;
  finishedAt: Date;
  warmupSeconds: number;
  /** Seconds of each measured iteration, in order. */
  latenciesS: number[];
}

/** One cell, as soon as it is through. `failed` keeps the iterations that were measured. */
export type SizeResult = SizeClock &
  (({ status: "measured" } & Tokens) | { status: "failed"; reason: Reason; error: string });

/** One step of a sweep's life, for progress: iterations done, warm-ups included, out of all. */
export interface SweepWatcher {
  onSize(result: SizeResult): Promise<void>;
  onIteration(done: number, note: string): void;
}

export function iterationsOf(plan: SweepPlan): number {
  return plan.cells.length * (plan.warmup + plan.iterations);
}
