import { counted } from "../../result/counted.ts";
import { METRICS } from "../../result/metrics/metric.ts";
import { formatMetric } from "../../result/series/series.ts";
import { seriesNameOf } from "../../verdict/accepted.ts";
import type { RunVerdict, SeriesVerdict } from "../../verdict/judge-run.ts";
import { ENOUGH } from "../../verdict/level.ts";
import { directionOf } from "../text/standing-text.ts";
import { percentText } from "../trends/headline.ts";
import type { ResultTable } from "./tables.ts";

const ROWS = 20;

/** The numbers that a person's acceptance settles, a line each. */
export function settledLines(settled: readonly SeriesVerdict[]): string[] {
  if (settled.length === 0) return ["settles no alarm of the newest run"];
  const lines = settled.toSorted(byWeight).map(settledLine);
  const rest = lines.length - ROWS;
  return [...lines.slice(0, ROWS), ...(rest > 0 ? [`and ${rest} more`] : [])];
}

function settledLine(one: SeriesVerdict): string {
  const [series, verdict, now, before, change] = rowOf(one);
  return `settles ${series}: ${verdict}, ${before} → ${now} (${change})`;
}

interface Show<T> {
  sentence(text: string): T;
  table(table: ResultTable): T;
}

/** The verdict for people: the sentence, and a table where something moved. */
export function verdictLines<T>(verdict: RunVerdict | null, show: Show<T>): T[] {
  if (verdict === null) return [];
  const table = verdictTable(verdict);
  return [show.sentence(verdictSentence(verdict)), ...(table === undefined ? [] : [show.table(table)])];
}

/** A run in one sentence: how many of its numbers moved, and what they were held against. */
function verdictSentence({ status, series, baselineRuns, baselineRef, newArguments }: RunVerdict): string {
  const of = baselineRef === undefined ? "" : ` of ${baselineRef}`;
  const against = `held against ${counted(baselineRuns, "earlier run")}${of}`;
  if (newArguments !== undefined) {
    return `Not judged: a series of its own begins here, for the engine arguments changed (${newArguments}).`;
  }
  if (series.length === 0) return `No number in this run to judge, ${against}.`;
  if (status === "unjudged")
    return `Not judged yet: ${against}, and a series is judged from ${ENOUGH} on, counted anew after an accepted change.`;
  const count = (kind: string, direction: string) =>
    series.filter(({ standing }) => standing.kind === kind && directionOf(standing) === direction).length;
  const judged = series.filter(({ standing }) => standing.kind !== "unjudged" && standing.kind !== "early").length;
  const moved = [
    [count("changed", "worse"), "got worse"],
    [count("suspected", "worse"), "may have got worse"],
    [count("changed", "better"), "got better"],
    [count("suspected", "better"), "may have got better"],
  ].filter(([number]) => number !== 0);
  const what = moved.length === 0 ? "none moved" : moved.map(([number, text]) => `${number} ${text}`).join(", ");
  const rest = series.length - judged;
  const others = rest === 0 ? "" : `, ${rest} not judged yet`;
  return `Of ${counted(judged, "number")} ${what}${others}, ${against}.`;
}

/** The numbers that left their level, the largest change for the worse first. @returns undefined when none did */
function verdictTable({ series }: RunVerdict): ResultTable | undefined {
  const moved = series.filter(({ standing }) => directionOf(standing) !== undefined).toSorted(byWeight);
  if (moved.length === 0) return undefined;
  const rest = moved.length - ROWS;
  return {
    title: "Against the history",
    columns: ["Series", "Verdict", "Now", "Before", "Change"],
    firstNumber: 2,
    rows: moved.slice(0, ROWS).map(rowOf),
    ...(rest > 0 ? { note: `And ${rest} more.` } : {}),
  };
}

function rowOf({ cell, metric, value, standing }: SeriesVerdict): string[] {
  if (standing.kind !== "suspected" && standing.kind !== "changed") return [];
  const { unit } = METRICS[metric];
  const number = (one: number) => `${formatMetric(metric, one)} ${unit}`;
  const verdict =
    standing.kind === "suspected"
      ? `${standing.direction}? first time`
      : `${standing.direction} for ${counted(standing.runs, "run")}`;
  return [seriesNameOf(cell, metric), verdict, number(value), number(standing.baseline), percentText(standing.ratio)];
}

function byWeight(a: SeriesVerdict, b: SeriesVerdict): number {
  return rank(a) - rank(b) || size(b) - size(a);
}

const rank = ({ standing }: SeriesVerdict) =>
  (directionOf(standing) === "worse" ? 0 : 2) + (standing.kind === "changed" ? 0 : 1);
const size = ({ standing }: SeriesVerdict) => ("ratio" in standing ? Math.abs(standing.ratio) : 0);
