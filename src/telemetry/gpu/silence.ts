import type { Window } from "../window.ts";

/** Readings come every second or two; over a longer hole nobody knows the power. */
const LONGEST_SILENCE_MS = 5000;

/** Why readings at these moments do not cover a window; undefined when they do. @param moments in order of time */
export function silenceOf(moments: readonly number[], { fromMs, toMs }: Window): string | undefined {
  if (moments.length === 0) return `gave no reading in ${((toMs - fromMs) / 1000).toFixed(1)} s`;
  const edges = [fromMs, ...moments.filter((moment) => moment > fromMs && moment < toMs), toMs];
  const longest = edges.slice(1).reduce((most, moment, index) => Math.max(most, moment - edges[index]!), 0);
  return longest > LONGEST_SILENCE_MS ? `gave no reading for ${(longest / 1000).toFixed(1)} s` : undefined;
}
