import type { Reason } from "../result/reason.ts";

/** What one sweep asks of one engine. Lengths in tokens. */
export interface SweepPlan {
  batchSizes: number[];
  inputLen: number;
  outputLen: number;
  warmup: number;
  iterations: number;
  seed: number;
  sampling: { n: number; temperature: number; topP: number; detokenize: boolean };
}

/** Token counts of each sequence of the last iteration, as the engine reported them. */
interface Tokens {
  inputTokens: number[];
  outputTokens: number[];
}

interface SizeClock {
  batchSize: number;
  startedAt: Date;
  finishedAt: Date;
  warmupSeconds: number;
  /** Seconds of each measured iteration, in order. */
  latenciesS: number[];
}

/** One batch size, as soon as it is through. `failed` keeps the iterations that were measured. */
export type SizeResult = SizeClock &
  (({ status: "measured" } & Tokens) | { status: "failed"; reason: Reason; error: string });

/** One step of a sweep's life, for progress: iterations done, warm-ups included, out of all. */
export interface SweepWatcher {
  onSize(result: SizeResult): Promise<void>;
  onIteration(done: number, note: string): void;
}

export function iterationsOf(plan: SweepPlan): number {
  return plan.batchSizes.length * (plan.warmup + plan.iterations);
}
