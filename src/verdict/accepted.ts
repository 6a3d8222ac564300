import type { MetricName } from "../result/metric.ts";
import type { RunHead } from "../result/run.ts";
import { contextKey, contextOf } from "../result/series.ts";

/** A change of the numbers that a person accepted, for series of the context that the run has. */
export interface AcceptedChange {
  /** Name of the series, `CELL METRIC`; `*` stands for any characters. */
  series: string;
  /** The first run with the new numbers, under the names that it has today. */
  from: RunHead;
  why: string;
}

/** `latency-sweep/in_512_out_128_bs_1 latency_s` */
export const seriesNameOf = (cell: string, metric: MetricName) => `${cell} ${metric}`;

/** Those changes that concern runs like this one. */
export function acceptedFor(run: RunHead, accepted: readonly AcceptedChange[]): AcceptedChange[] {
  const own = contextKey(contextOf(run));
  return accepted.filter(({ from }) => contextKey(contextOf(from)) === own);
}

/** Moments at which a series begins anew, milliseconds since 1970. */
export function restartsOf(cell: string, metric: MetricName, accepted: readonly AcceptedChange[]): number[] {
  const name = seriesNameOf(cell, metric);
  return accepted.filter(({ series }) => matches(series, name)).map(({ from }) => Date.parse(from.startedAt));
}

/** Whether a pattern means a name: all of it, in the same case. */
export function matches(pattern: string, name: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first)) return false;
  // The leftmost place of each part leaves the most for those behind it.
  let place = first.length;
  for (const part of others) {
    const found = name.indexOf(part, place);
    if (found < 0) return false;
    place = found + part.length;
  }
  return name.length - last.length >= place && name.endsWith(last);
}
