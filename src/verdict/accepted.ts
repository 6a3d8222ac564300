import { isMatch } from "matcher";
import type { Run, RunHead } from "../result/document/run.ts";
import type { MetricName } from "../result/metrics/metric.ts";
import { contextKey, contextOf } from "../result/series/series.ts";

/** A change of the numbers that a person accepted, for series of the context and the git ref that the run has. */
export interface AcceptedChange {
  /** Name of the series, `CELL METRIC`; `*` stands for any characters. */
  series: string;
  /** The first run with the new numbers, under the names that it has today. */
  from: RunHead;
  why: string;
}

/** `latency-sweep/in_512_out_128_bs_1 latency_s` */
export const seriesNameOf = (cell: string, metric: MetricName) => `${cell} ${metric}`;

/** The series that a run has numbers of, by their names. */
export function seriesNames({ cells }: Pick<Run, "cells">): string[] {
  return cells.flatMap((cell) =>
    cell.status === "ok" ? Object.keys(cell.metrics).map((metric) => seriesNameOf(cell.id, metric as MetricName)) : [],
  );
}

/** Those of them that a pattern means. */
export const meantBy = (pattern: string, run: Pick<Run, "cells" | "renamed">) =>
  seriesNames(run).filter((name) => isMeant(pattern, name, run));

/** Whether a pattern means a series of a run, by the name that it has or one that its cell had before. */
function isMeant(pattern: string, name: string, { renamed = [] }: Pick<Run, "renamed">): boolean {
  const [cell = "", metric = ""] = name.split(" ");
  const cells = [cell];
  for (const { what, from, to } of renamed.toReversed()) if (what === "cell" && to === cells.at(-1)) cells.push(from);
  return cells.some((one) => matches(pattern, `${one} ${metric}`));
}

/** Those changes that concern runs like this one. */
export function acceptedFor(run: RunHead, accepted: readonly AcceptedChange[]): AcceptedChange[] {
  const own = contextKey(contextOf(run));
  return accepted.filter(({ from }) => contextKey(contextOf(from)) === own);
}

export interface Judged {
  cell: string;
  metric: MetricName;
  /** Git ref of the runs: what is accepted on a branch says nothing of another one. */
  ref: string | null;
}

/** Moments at which a series begins anew, milliseconds since 1970. */
export function restartsOf({ cell, metric, ref }: Judged, accepted: readonly AcceptedChange[]): number[] {
  const name = seriesNameOf(cell, metric);
  return accepted
    .filter(({ series, from }) => from.trigger.ref === ref && isMeant(series, name, from))
    .map(({ from }) => Date.parse(from.startedAt));
}

/** Whether a pattern means a name: all of it, in the same case. Only `*` is special in it, though matcher knows more. */
export const matches = (pattern: string, name: string): boolean =>
  isMatch(name, pattern.replaceAll(/[!\\]/g, "\\$&"), { caseSensitive: true });
