/** What to search, and how. A level is a rate in requests a second, or a concurrency. */
export interface SearchPlan {
  /** Whole numbers only: a concurrency. */
  integers: boolean;
  /** First level to try; moved into the bounds. */
  start: number;
  min: number;
  max: number;
  /** Relative: the highest level that meets is within this of the lowest that misses. */
  tolerance: number;
  mostProbes: number;
}

export interface Tried {
  level: number;
  /** Whether the objectives were met at this level. */
  meets: boolean;
}

export type SearchStep =
  | { kind: "probe"; level: number }
  /** `tolerance`: close enough below a miss. `bound`: the highest level allowed meets. `probes`: no more are allowed. */
  | { kind: "found"; level: number; because: "tolerance" | "bound" | "probes" }
  /** `bound`: the lowest level allowed misses. `probes`: none met, and no more are allowed. */
  | { kind: "none"; because: "bound" | "probes" };

/**
 * The next step to the highest level that meets, taking for granted that a level above a miss misses: double until a
 * miss, or halve until a hit, then bisect. Latency grows with load in proportions, so the middle is the geometric one.
 * A search is nothing but its plan and what was tried so far.
 */
export function nextStep(plan: SearchPlan, tried: readonly Tried[]): SearchStep {
  const { min, max, mostProbes } = plan;
  const hit = Math.max(...tried.filter(({ meets }) => meets).map(({ level }) => level));
  const miss = Math.min(...tried.filter(({ meets }) => !meets).map(({ level }) => level));
  const hasHit = Number.isFinite(hit);
  if (hasHit && hit >= max) return { kind: "found", level: hit, because: "bound" };
  if (!hasHit && miss <= min) return { kind: "none", because: "bound" };
  if (hasHit && isClose(plan, hit, miss)) return { kind: "found", level: hit, because: "tolerance" };
  if (tried.length >= mostProbes) {
    return hasHit ? { kind: "found", level: hit, because: "probes" } : { kind: "none", because: "probes" };
  }
  return { kind: "probe", level: nextLevel(plan, hit, miss) };
}

/** @throws RangeError when no search can follow from the plan; whoever reads a user's input says so in its own words */
export function checkPlan({ integers, start, min, max, tolerance, mostProbes }: SearchPlan): void {
  if (!(min > 0 && min <= max && Number.isFinite(max))) throw new RangeError("bounds must be 0 < min ≤ max");
  if (!(start > 0 && tolerance > 0 && mostProbes >= 1))
    throw new RangeError("start, tolerance and probes must be above 0");
  if (integers && ![start, min, max].every(Number.isInteger)) throw new RangeError("levels must be whole numbers");
}

function isClose({ integers, tolerance }: SearchPlan, hit: number, miss: number): boolean {
  return miss / hit <= 1 + tolerance || (integers && miss - hit <= 1);
}

/** @param hit −Infinity without one; @param miss Infinity without one */
function nextLevel({ integers, start, min, max }: SearchPlan, hit: number, miss: number): number {
  if (hit < 0 && miss === Number.POSITIVE_INFINITY) return Math.min(Math.max(start, min), max);
  if (miss === Number.POSITIVE_INFINITY) return Math.min(2 * hit, max);
  if (hit < 0) return Math.max(integers ? Math.floor(miss / 2) : miss / 2, min);
  const middle = Math.sqrt(hit * miss);
  if (integers) return Math.min(Math.max(Math.round(middle), hit + 1), miss - 1);
  // Four digits are more than a tolerance asks for, and read better in tables and names.
  const short = Number(middle.toPrecision(4));
  return short > hit && short < miss ? short : middle;
}
