import type { StepPlan } from "./scheduler.ts";

/** Coefficients of a step's duration, in milliseconds. */
export interface StepTiming {
  /** Fixed cost of a step: launching kernels, scheduling, sampling. */
  overhead: number;
  /** Reading the weights once; hidden behind computing when a step has many tokens. */
  weights: number;
  perToken: number;
  perContextToken: number;
  perSequence: number;
}

/**
 * T = overhead + max(weights, perToken · tokens) + perContextToken · context tokens + perSequence · sequences.
 * The maximum is the roofline's knee: few tokens wait for memory, many for arithmetic (Williams et al., 2009).
 */
export function stepMs(timing: StepTiming, { shares, tokens, contextTokens }: StepPlan): number {
  return (
    timing.overhead +
    Math.max(timing.weights, timing.perToken * tokens) +
    timing.perContextToken * contextTokens +
    timing.perSequence * shares.length
  );
}

/** Factors around 1, normally distributed and cut at 3 standard deviations: the same seed gives the same row. */
export function noiseFactors(relativeDeviation: number, seed: number): () => number {
  if (relativeDeviation === 0) return () => 1;
  const uniform = mulberry32(seed);
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    return 1 + relativeDeviation * Math.max(-3, Math.min(3, normal));
  };
}

/** Tommy Ettinger's 32-bit generator: enough for jitter, and short. */
function mulberry32(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
