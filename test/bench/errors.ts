import { mean, percentile } from "../../src/result/metrics/distribution.ts";
import type { JoinedRequest } from "./join.ts";
import { trueGapsMs, trueTtftMs } from "./truth.ts";

export interface ErrorSummary {
  count: number;
  mean: number;
  p50: number;
  p99: number;
  max: number;
}

/** Reported minus true TTFT, in ms: what the way to the engine and back, and the client, added. */
export const ttftErrorsMs = (joined: readonly JoinedRequest[]): number[] =>
  joined.map(({ reported, truth }) => reported.ttftMs - trueTtftMs(truth));

/**
 * Distance between each reported and true gap, in ms; null when the tool keeps no gaps. A request whose tokens the tool
 * did not see one by one has no gaps to compare and is left out.
 */
export function gapErrorsMs(joined: readonly JoinedRequest[]): number[] | null {
  if (joined.some(({ reported }) => reported.gapsMs === null)) return null;
  return joined.flatMap(({ reported, truth }) => {
    const gaps = trueGapsMs(truth);
    if (reported.gapsMs!.length !== gaps.length) return [];
    return reported.gapsMs!.map((gap, index) => Math.abs(gap - gaps[index]!));
  });
}

/** Distance between reported and true TPOT of each request, in ms. */
export const tpotErrorsMs = (joined: readonly JoinedRequest[]): number[] =>
  joined.map(({ reported, truth: { writtenMs } }) =>
    Math.abs(reported.tpotMs - (writtenMs.at(-1)! - writtenMs[0]!) / (writtenMs.length - 1)),
  );

/** Null for an empty sample. */
export function summarizeErrors(errors: readonly number[]): ErrorSummary | null {
  if (errors.length === 0) return null;
  const ascending = Float64Array.from(errors).sort();
  return {
    count: errors.length,
    mean: mean(errors),
    p50: percentile(ascending, 50),
    p99: percentile(ascending, 99),
    max: ascending.at(-1)!,
  };
}
