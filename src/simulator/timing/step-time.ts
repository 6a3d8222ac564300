import { uniformNumbers } from "./random.ts";

/** Coefficients of a step's duration, in milliseconds. */
export interface StepTiming {
  /** Fixed cost of a step: launching kernels, scheduling, sampling. */
  overhead: number;
  /** Reading the weights once; hidden behind computing when a step has many tokens. */
  weights: number;
  perToken: number;
  perContextToken: number;
  perSequence: number;
  /** For each pair of a prompt token and a token it attends to; absent is 0. */
  perPrefillAttention?: number | undefined;
}

/** What a step computes, as far as its duration depends on it. */
export interface StepWork {
  /** One a sequence. */
  shares: readonly unknown[];
  tokens: number;
  /** Tokens whose keys and values the step reads: the contexts of all its sequences. */
  contextTokens: number;
  /** Σ chunk · (context before it + chunk / 2) over the shares that compute more than one token. */
  prefillAttention: number;
}

/**
 * T = overhead + max(weights, perToken · tokens) + perContextToken · context tokens + perSequence · sequences
 *     + perPrefillAttention · Σ chunk · (context before it + chunk / 2).
 * The maximum is the roofline's knee: few tokens wait for memory, many for arithmetic (Williams et al., 2009).
 */
export function stepMs(timing: StepTiming, { shares, tokens, contextTokens, prefillAttention }: StepWork): number {
  return (
    timing.overhead +
    Math.max(timing.weights, timing.perToken * tokens) +
    timing.perContextToken * contextTokens +
    timing.perSequence * shares.length +
    (timing.perPrefillAttention ?? 0) * prefillAttention
  );
}

/** Factors around 1, normally distributed and cut at 3 standard deviations: the same seed gives the same row. */
export function noiseFactors(relativeDeviation: number, seed: number): () => number {
  if (relativeDeviation === 0) return () => 1;
  const uniform = uniformNumbers(seed);
  return () => {
    const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
    return 1 + relativeDeviation * Math.max(-3, Math.min(3, normal));
  };
}
