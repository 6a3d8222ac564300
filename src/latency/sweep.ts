import { CELL_SECONDS } from "../engine/watch/time-limit.ts";
import type { Reason } from "../result/document/reason.ts";

/** How tokens are chosen. `n`: sequences a prompt, or the width of the beam. */
export interface Sampling {
  n: number;
  temperature: number;
  topP: number;
  detokenize: boolean;
  beamSearch: boolean;
}

/** Makes a cell one of throughput: other prompts for each repeat, and a warm-up of some requests. */
export interface Burst {
  repeats: number;
  warmupRequests: number;
  /** Seconds that all its requests together may take. */
  timeoutSeconds: number;
}

/** One batch to measure. Lengths in tokens. */
export interface SweepCell {
  /** The cell's id in the run document. */
  id: string;
  batchSize: number;
  inputLen: number;
  outputLen: number;
  sampling: Sampling;
  burst?: Burst;
}

/** What one sweep asks of one engine, cell after cell; warm-up and iterations of cells without a burst. */
export interface SweepPlan {
  cells: SweepCell[];
  warmup: number;
  iterations: number;
  seed: number;
  /** Folder for a profile of one more batch of each cell; null: none. */
  profileDir: string | null;
}

/** Token counts of each prompt of an iteration, as the engine reported them; output over all its sequences. */
export interface Tokens {
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
  /** Tokens of each iteration of a burst. */
  repeatTokens?: Tokens[];
}

/** One cell, as soon as it is through, with the tokens of its last iteration. `failed` keeps what was measured. */
export type SizeResult = SizeClock &
  (({ status: "measured" } & Tokens) | { status: "failed"; reason: Reason; error: string });

/** One step of a sweep's life, for progress: iterations done, warm-ups included, out of all. */
export interface SweepWatcher {
  onSize(result: SizeResult): Promise<void>;
  onIteration(done: number, note: string): void;
}

/** Iterations that a cell is warmed up with. */
export function warmupsOf({ warmup }: SweepPlan, { burst }: Pick<SweepCell, "burst">): number {
  return burst === undefined ? warmup : Math.min(1, burst.warmupRequests);
}

export function iterationsOf(plan: SweepPlan): number {
  return plan.cells.reduce((sum, cell) => sum + warmupsOf(plan, cell) + (cell.burst?.repeats ?? plan.iterations), 0);
}

/** Seconds that a cell may take as a whole: those asked for, else the default, or as long as a burst's own limits. */
export function sizeLimit({ burst }: Pick<SweepCell, "burst">, asked: number | undefined): number {
  if (asked !== undefined) return asked;
  return burst === undefined ? CELL_SECONDS : Math.max(CELL_SECONDS, (burst.repeats + 1) * burst.timeoutSeconds);
}
