import type { EngineTelemetry } from "../document/telemetry.ts";

/**
 * Hits beyond what is meant from which they are worth a warning, as a share of the prompt tokens looked up. It is the
 * limit at which `vllm bench serve` warns too (vllm#53920).
 */
export const UNINTENDED_HIT_SHARE = 0.01;

/** Share of the prompt tokens that a workload means to come from the prefix cache, from 0 to 1. */
export interface IntendedHits {
  /** That the cache holds if it works at all: 0 for prompts that have nothing in common. */
  least: number;
  most: number;
}

/**
 * Says when the engine took prompts from its prefix cache though the workload does not mean it to, or none though it does.
 */
export function prefixCacheWarning(
  engine: EngineTelemetry | undefined,
  { least, most }: IntendedHits,
): string | undefined {
  const { prefixCacheQueryTokens: queries, prefixCacheHitTokens: hits } = engine ?? {};
  if (queries === undefined || hits === undefined) return undefined;
  if (least > 0 && hits === 0) {
    return "The prompts share prefixes, but none of their tokens came from the prefix cache: is it switched on?";
  }
  if (queries === 0 || hits / queries < most + UNINTENDED_HIT_SHARE) return undefined;
  const meant = most === 0 ? "none" : percent(most);
  return (
    `${percent(hits / queries)} of the prompt tokens came from the engine's prefix cache where the workload means ` +
    `${meant} to: time to first token and throughput look better than they are.`
  );
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
