import { z } from "zod";
import { medianInterval } from "./bootstrap.ts";
import { median } from "./distribution.ts";

const values = z.array(z.number()).min(1);
const interval = z.tuple([z.number(), z.number()]).optional();

/** The values of each repeat, in order; with an interval where that is more than their range. */
const Statistic = z.union([
  values,
  z.strictObject({
    values,
    interval: interval.meta({ description: "95 % bootstrap interval of the median." }),
    median: z.number().optional().meta({ description: "Of the values, in documents that older versions wrote." }),
    mad: z.number().optional().meta({ description: "Of the values, in documents that older versions wrote." }),
  }),
]);
type Statistic = z.infer<typeof Statistic>;

/** A cell that was measured several times: the headline of each metric, repeat by repeat. */
export const Repeats = z.strictObject({ count: z.int().positive(), metrics: z.record(z.string(), Statistic) });
export type Repeats = z.infer<typeof Repeats>;

interface Spread {
  median: number;
  /** Median absolute deviation from the median, not scaled. */
  mad: number;
  /** 95 % bootstrap interval of the median; none of fewer than 3 values. */
  interval?: [number, number];
}

const FEWEST_FOR_INTERVAL = 3;
/**
 * With 5 values more than 2.5 % of all resamples have the smallest one as their median (at least 3 times of 5 drawn: 5.8 %),
 * so the interval ends there, and the same above; of 6 less than 2.5 % have (at least 4 times of 6: 0.9 %).
 */
const FEWEST_FOR_BOOTSTRAP = 6;

/** As a document stores it: what follows from the values alone is left to {@link spreadOf}. */
export function storedStatistic(values: number[]): Statistic {
  return values.length < FEWEST_FOR_BOOTSTRAP ? values : { values, interval: medianInterval(values) };
}

/** How the values vary. */
export function spreadOf(stored: Statistic): Spread {
  const { values, interval } = Array.isArray(stored) ? { values: stored } : stored;
  const centre = median(values);
  const mad = median(values.map((value) => Math.abs(value - centre)));
  if (values.length < FEWEST_FOR_INTERVAL) return { median: centre, mad };
  return { median: centre, mad, interval: interval ?? [Math.min(...values), Math.max(...values)] };
}
