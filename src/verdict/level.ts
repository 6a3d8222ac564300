import { median } from "../result/metrics/distribution.ts";
import type { Metric } from "../result/metrics/metric.ts";

/** One number of a series. */
export interface RunNumber {
  run: string;
  /** Start of its run, milliseconds since 1970. */
  at: number;
  value: number;
}

export type Direction = "better" | "worse";

/** A number beside the level before it. */
interface Comparison {
  /** Median of the calm numbers before. */
  baseline: number;
  /** How many those are; at most {@link WINDOW}. */
  baselineRuns: number;
  /** What may lie between number and baseline without being a change, in the metric's unit. */
  band: number;
  /** 0.02 is 2 % more than the baseline. */
  ratio: number;
}

/** Where the last number of a series stands. */
export type Standing =
  /** Nothing to compare with: no number before, or a baseline of 0, of which no number is a percentage. */
  | { kind: "unjudged" }
  /** Too few numbers before to know how much they vary. */
  | ({ kind: "early" } & Comparison)
  | ({ kind: "steady" } & Comparison)
  /** Beyond the band, and the number before it was not: an outlier, or the first of a change. */
  | ({ kind: "suspected"; direction: Direction } & Comparison)
  /** Beyond the band on the same side for two runs in a row, or more. */
  | ({
      kind: "changed";
      direction: Direction;
      /** First run of the changed numbers. */
      since: string;
      runs: number;
    } & Comparison);

/** Numbers of the baseline. */
const WINDOW = 20;
/**
 * Numbers from which on a series is judged: five have the true median among them with 95 % confidence (`samplesNeeded`).
 * Their spread is still a rough guess; docs/verdict.md says how often that is wrong.
 */
export const ENOUGH = 5;
/**
 * Half the band in median absolute deviations. With the tolerance as its floor and {@link CONFIRMED}, the rule finds
 * the steps of TigerBeetle's throughput that Otava finds at 5 %, and no others: see docs/verdict.md.
 */
const DEVIATIONS = 4;
/** Numbers in a row that make a suspicion a change. */
const CONFIRMED = 2;

/** What the numbers so far say of the next one. */
export interface Level {
  /** The newest {@link WINDOW} that were no change. */
  calm: readonly number[];
  /** Those since that lie beyond the band on one side. */
  streak: { direction: Direction; numbers: readonly RunNumber[] } | null;
}

const NEW: Level = { calm: [], streak: null };

/**
 * Judges the last number of a series by those before it. Numbers worse than the level never become it, however many they
 * are, until they come back or a person accepts them; better ones do once there are {@link ENOUGH}, so that falling back is
 * noticed. A lone outlier counts as noise and widens the band.
 * @param numbers oldest first, not empty
 * @param restarts moments from which on the numbers are a new level, because a person accepted them
 * @param start the level before the first of them; none by default
 */
export function standingOf(
  numbers: readonly RunNumber[],
  metric: Pick<Metric, "better" | "tolerance">,
  restarts: readonly number[] = [],
  start = NEW,
): Standing {
  return fold(numbers, metric, restarts, start).standing;
}

/**
 * The level that a branch's numbers have now, for those of a pull request into it: a change that was confirmed there is the
 * branch's own, and none of theirs.
 */
export function levelOf(
  numbers: readonly RunNumber[],
  metric: Pick<Metric, "better" | "tolerance">,
  restarts: readonly number[] = [],
): Level {
  const { calm, streak } = fold(numbers, metric, restarts, NEW).level;
  const isChanged = streak !== null && streak.numbers.length >= CONFIRMED;
  return { calm: isChanged ? newest(streak.numbers.map(({ value }) => value)) : calm, streak: null };
}

function fold(
  numbers: readonly RunNumber[],
  metric: Pick<Metric, "better" | "tolerance">,
  restarts: readonly number[],
  start: Level,
): { level: Level; standing: Standing } {
  let level = start;
  let standing: Standing = { kind: "unjudged" };
  let before = Number.NEGATIVE_INFINITY;
  for (const number of numbers) {
    const isAccepted = restarts.some((moment) => moment > before && moment <= number.at);
    if (isAccepted) level = NEW;
    standing = judge(number, level, metric);
    level = levelAfter(level, number, standing);
    before = number.at;
  }
  return { level, standing };
}

function judge(
  number: RunNumber,
  { calm, streak }: Level,
  { better, tolerance }: Pick<Metric, "better" | "tolerance">,
) {
  const baseline = calm.length === 0 ? 0 : median(calm);
  if (baseline === 0) return { kind: "unjudged" } as const;
  const deviation = median(calm.map((value) => Math.abs(value - baseline)));
  const band = Math.max(DEVIATIONS * deviation, tolerance * Math.abs(baseline));
  const comparison = { baseline, baselineRuns: calm.length, band, ratio: number.value / baseline - 1 };
  if (calm.length < ENOUGH) return { kind: "early", ...comparison } as const;
  const distance = number.value - baseline;
  if (better === "neither" || Math.abs(distance) <= band) return { kind: "steady", ...comparison } as const;
  const direction = distance > 0 === (better === "higher") ? "better" : "worse";
  const runs = streak?.direction === direction ? [...streak.numbers, number] : [number];
  if (runs.length < CONFIRMED) return { kind: "suspected", direction, ...comparison } as const;
  return { kind: "changed", direction, since: runs[0]!.run, runs: runs.length, ...comparison } as const;
}

function levelAfter({ calm, streak }: Level, number: RunNumber, standing: Standing): Level {
  const lone = streak?.numbers.length === 1 ? [streak.numbers[0]!.value] : [];
  switch (standing.kind) {
    case "unjudged":
    case "early":
    case "steady":
      return { calm: newest([...calm, ...lone, number.value]), streak: null };
    case "suspected":
      return { calm: newest([...calm, ...lone]), streak: { direction: standing.direction, numbers: [number] } };
    case "changed": {
      const numbers = [...streak!.numbers, number];
      if (standing.direction === "better" && numbers.length >= ENOUGH) {
        return { calm: newest(numbers.map(({ value }) => value)), streak: null };
      }
      return { calm, streak: { direction: standing.direction, numbers } };
    }
    default:
      return standing satisfies never;
  }
}

const newest = (values: readonly number[]) => values.slice(-WINDOW);
