import { finishStep, type Limits, planStep, type Queues } from "../engine/scheduler.ts";
import { newSequence } from "../engine/sequence.ts";
import type { FitRow } from "./fit-timing.ts";

/** vLLM's defaults. */
const LIMITS: Limits = { maxNumSeqs: 256, maxNumBatchedTokens: 8192 };

export interface Batch {
  batchSize: number;
  inputLen: number;
  outputLen: number;
}

/** What the steps of a whole batch add up to: with its measured latency, a row to fit. */
export function batchSums({ batchSize, inputLen, outputLen }: Batch, limits = LIMITS): Omit<FitRow, "ms"> {
  const waiting = Array.from({ length: batchSize }, () => newSequence(inputLen, outputLen));
  const queues: Queues = { waiting, running: [] };
  const sums = { steps: 0, tokens: 0, contextTokens: 0, sequences: 0 };
  for (let plan = planStep(queues, limits); plan !== null; plan = planStep(queues, limits)) {
    sums.steps += 1;
    sums.tokens += plan.tokens;
    sums.contextTokens += plan.contextTokens;
    sums.sequences += plan.shares.length;
    finishStep(queues, plan);
  }
  return sums;
}
