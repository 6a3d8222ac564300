import type { CellParams } from "../result/document/cell.ts";
import { sum } from "../result/metrics/distribution.ts";

/** An 8 billion parameter model from a warm disk cache with graph capture; a cold download may take many times that. */
const START_SECONDS = 120;
/** A decode step of a model of that size on one data-centre GPU, rounded up. */
const STEP_SECONDS = 0.02;
/** Sequences that such an engine decodes at once when all requests come together. */
const TOGETHER = 64;

/** How long a combination may take: a rough guess for planning a night, from the start of its engine to its last cell. */
export function estimateSeconds(cells: readonly { params: CellParams }[]): number {
  return cells.reduce((total, { params }) => total + cellSeconds(params), START_SECONDS);
}

function cellSeconds(params: CellParams): number {
  const number = (name: string) => (typeof params[name] === "number" ? params[name] : undefined);
  const sequence = (number("outputLen") ?? 128) * STEP_SECONDS;
  const [duration, minutes, rate] = [number("durationS"), number("minutes"), number("requestRate")];
  const prompts = number("numPrompts") ?? 0;
  // The start that fills the cache is one more.
  if (params.cache !== undefined)
    return ((number("iterations") ?? 0) + (params.cache === "warm" ? 1 : 0)) * START_SECONDS;
  if (params.batchSize !== undefined) return ((number("warmup") ?? 0) + (number("iterations") ?? 0)) * sequence;
  if (duration !== undefined) return duration;
  if (minutes !== undefined) return minutes * 60;
  if (rate !== undefined) return prompts / rate + sequence;
  return Math.ceil(prompts / (number("concurrency") ?? TOGETHER)) * sequence;
}

interface Estimate {
  seconds: number;
  /** Runs whose time is known from before. */
  known: number;
}

/**
 * How long a list may take.
 * @param before seconds that a run took when it was measured the same way, by name; one that is not in it takes their mean
 * @param guess seconds a run where none is known
 */
export function estimateList(names: readonly string[], before: ReadonlyMap<string, number>, guess: number): Estimate {
  const known = names.flatMap((name) => before.get(name) ?? []);
  const total = sum(known);
  const each = known.length === 0 ? guess : total / known.length;
  return { seconds: total + (names.length - known.length) * each, known: known.length };
}
