import { mean } from "../../result/metrics/distribution.ts";
import { studentQuantile } from "../../statistics/student.ts";
import type { RunNumber } from "../../verdict/level.ts";
import { type Noise, successiveNoise } from "./noise.ts";

/** `runs`: the series' own numbers vary so from run to run. `repeats`: those within one start do, which is less. */
export type NoiseSource = "runs" | "repeats";

export interface Ratio {
  difference: "higher" | "lower" | "same" | "undecided";
  ratio?: number;
  low?: number;
  high?: number;
  noise?: NoiseSource;
  detail?: string;
}

interface Given {
  /** All numbers of the series, oldest first. */
  numbers: readonly RunNumber[];
  a: readonly RunNumber[];
  b: readonly RunNumber[];
  /** Values of single repeats on both sides. */
  repeats: readonly (readonly number[])[];
  margin: number;
}

/** Numbers next to the sides that say how much they vary: older ones may be of another machine room. */
const NEIGHBOURS = 20;
/** Repeats of a side from which on they have a spread. */
const ENOUGH_REPEATS = 3;
/** Errors of a table's row: to tell equal ones apart, and of the interval. */
const DIFFERENCE = 0.01;
const INTERVAL = 0.05;

/** B ÷ A by the geometric means of their numbers. Numbers of 0 have no ratio. */
export function ratioOf({ numbers, a, b, repeats, margin }: Given): Ratio {
  if ([...a, ...b].some(({ value }) => value <= 0))
    return { difference: "undecided", detail: "a number of 0 has no ratio" };
  const [ofA, ofB] = [logs(a), logs(b)];
  const centre = mean(ofB) - mean(ofA);
  const known = fromRuns(numbers, a, b) ?? fromRepeats(repeats);
  const ratio = Math.exp(centre);
  if (known === undefined) {
    return { difference: "undecided", ratio, detail: "too few numbers to know how much they vary" };
  }
  const { source, noise, shares } = known;
  const error = Math.sqrt(noise.variance * shares(ofA.length, ofB.length));
  const half = (level: number) => studentQuantile(level / 2, noise.degrees) * error;
  const interval = half(INTERVAL);
  return {
    difference: differenceOf(centre, { difference: half(DIFFERENCE), interval, margin: Math.log1p(margin) }),
    ratio,
    low: Math.exp(centre - interval),
    high: Math.exp(centre + interval),
    noise: source,
  };
}

function differenceOf(
  centre: number,
  half: { difference: number; interval: number; margin: number },
): Ratio["difference"] {
  if (Math.abs(centre) > half.difference) return centre > 0 ? "higher" : "lower";
  return Math.abs(centre) + half.interval < half.margin ? "same" : "undecided";
}

interface Known {
  source: NoiseSource;
  noise: Noise;
  /** The variance of the difference in those of a single number. */
  shares: (a: number, b: number) => number;
}

/** The numbers on both outer sides of the change, its own among them; a step between them is no noise. */
function fromRuns(numbers: readonly RunNumber[], a: readonly RunNumber[], b: readonly RunNumber[]): Known | undefined {
  const [before, after] = lastOf(a) <= lastOf(b) ? [a, b] : [b, a];
  const [end, start] = [lastOf(before), Math.min(...after.map(({ at }) => at))];
  const usable = numbers.filter(({ value }) => value > 0);
  const isApart = start > end;
  const stretches = isApart
    ? [
        usable.filter(({ at }) => at <= end).slice(-NEIGHBOURS),
        usable.filter(({ at }) => at >= start).slice(0, NEIGHBOURS),
      ]
    : [usable.filter(({ at }) => at <= lastOf(after)).slice(-NEIGHBOURS - a.length - b.length)];
  const noise = successiveNoise(stretches.map(logs));
  return noise && { source: "runs", noise, shares: (ofA, ofB) => 1 / ofA + 1 / ofB };
}

const lastOf = (numbers: readonly RunNumber[]) => Math.max(...numbers.map(({ at }) => at));

function fromRepeats(repeats: Given["repeats"]): Known | undefined {
  const sides = repeats.map((values) => values.filter((value) => value > 0).map(Math.log));
  if (sides.some((values) => values.length < ENOUGH_REPEATS)) return undefined;
  const degrees = sides.reduce((total, values) => total + values.length - 1, 0);
  const squares = sides.reduce((total, values) => {
    const centre = mean(values);
    return total + values.reduce((part, value) => part + (value - centre) ** 2, 0);
  }, 0);
  const [a, b] = sides.map((values) => values.length);
  return { source: "repeats", noise: { variance: squares / degrees, degrees }, shares: () => 1 / a! + 1 / b! };
}

const logs = (numbers: readonly { value: number }[]) => numbers.map(({ value }) => Math.log(value));
