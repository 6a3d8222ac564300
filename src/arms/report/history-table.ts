import { joined, type Markdown, md } from "../../foreign-text/markdown.ts";
import { markdownTable } from "../../report/markdown.ts";
import type { ResultTable } from "../../report/tables/tables.ts";
import { terminalTable } from "../../report/terminal.ts";
import { counted } from "../../result/counted.ts";
import type { Run } from "../../result/document/run.ts";
import { METRICS } from "../../result/metrics/metric.ts";
import { contextKey, formatMetric, type SeriesContext } from "../../result/series/series.ts";
import type { HistoryRow } from "../history/compare-runs.ts";

/** What was compared: the rows, and the runs of both sides with the words that chose them. */
export interface HistoryComparison {
  a: { word: string; runs: readonly Run[] };
  b: { word: string; runs: readonly Run[] };
  margin: number;
  rows: readonly HistoryRow[];
}

/** Rows of a table: no page and no comment of GitHub takes more than a few hundred. */
const MOST_ROWS = 200;

export function historyText(comparison: HistoryComparison): string {
  return [sentence(comparison), "", ...tablesOf(comparison).map(terminalTable), noteOf(comparison)].join("\n");
}

export function historyMarkdown(comparison: HistoryComparison): Markdown {
  const sections = [
    md`## ${sentence(comparison)}`,
    ...(comparison.b.runs.some(({ simulated }) => simulated)
      ? [md`> Simulated numbers: they say nothing about hardware.`]
      : []),
    ...tablesOf(comparison).map(markdownTable),
    md`${noteOf(comparison)}`,
  ];
  return md`${joined(sections, "\n\n")}\n`;
}

function sentence({ a, b, rows }: HistoryComparison): string {
  const count = (...states: HistoryRow["state"][]) => rows.filter(({ state }) => states.includes(state)).length;
  const parts = [
    `${count("loses")} worse`,
    `${count("wins")} better`,
    `${count("ties")} equal`,
    `${count("undecided")} undecided`,
    `${count("invalid", "arm_failed")} not comparable`,
  ];
  return `${b.word} (${counted(b.runs.length, "run")}) beside ${a.word} (${counted(a.runs.length, "run")}): ${parts.join(", ")}`;
}

/** A table for each context, worst first: whoever looks wants to know what got worse. */
function tablesOf({ a, b, rows }: HistoryComparison): ResultTable[] {
  const groups = Map.groupBy(rows, ({ context }) => contextKey(context));
  return [...groups.values()].map((own) => ({
    title: titleOf(own[0]!.context),
    columns: ["Series", "", "Why", `A: ${a.word}`, `B: ${b.word}`, "B ÷ A", "95 % interval"],
    firstNumber: 3,
    rows: own.toSorted(byWeight).slice(0, MOST_ROWS).map(rowOf),
    ...(own.length > MOST_ROWS ? { note: `and ${own.length - MOST_ROWS} more rows: --json has all of them` } : {}),
  }));
}

const ORDER = ["loses", "wins", "arm_failed", "invalid", "undecided", "ties"] as const;
const WORDS = {
  loses: "❌ worse",
  wins: "✅ better",
  ties: "= equal",
  undecided: "? undecided",
  invalid: "– not comparable",
  arm_failed: "– failed",
} as const satisfies Record<HistoryRow["state"], string>;

const strength = ({ ratio }: HistoryRow) => Math.abs(Math.log(ratio ?? 1));

function byWeight(one: HistoryRow, other: HistoryRow): number {
  return ORDER.indexOf(one.state) - ORDER.indexOf(other.state) || strength(other) - strength(one);
}

function rowOf({ cell, metric, a, b, ratio, low, high, noise, state, detail }: HistoryRow): string[] {
  return [
    `${cell} ${metric}`,
    WORDS[state],
    [detail, noise === "repeats" && "noise within one start only"].filter(Boolean).join("; ") || "–",
    withUnit(metric, a),
    withUnit(metric, b),
    ratio === undefined ? "–" : signed(ratio),
    low === undefined || high === undefined ? "–" : `${signed(low)} to ${signed(high)}`,
  ];
}

const withUnit = (metric: HistoryRow["metric"], value: number | undefined) =>
  value === undefined ? "–" : `${formatMetric(metric, value)} ${METRICS[metric].unit}`;

/** `+4.2 %` for a ratio of 1.042. */
const signed = (ratio: number) => `${ratio < 1 ? "−" : "+"}${(100 * Math.abs(ratio - 1)).toFixed(1)} %`;

function titleOf({ model, gpu, host, engine, engineArguments, configuration, simulated }: SeriesContext): string {
  const settings = configuration ?? engineArguments;
  return [model, engine, gpu, host, settings, simulated ? "SIMULATED" : undefined].filter(Boolean).join(" · ");
}

/** What the words of the table rest on. */
function noteOf({ margin, rows }: HistoryComparison): string {
  const judged = rows.filter(({ low }) => low !== undefined).length;
  const byChance =
    judged === 0 ? "" : ` Of ${counted(judged, "row")} ${(judged / 100).toFixed(1)} may be worse or better by chance.`;
  return (
    `Worse and better: beyond what the series varies from run to run, wrong in 1 of 100 rows; equal: the whole interval within ${Number((100 * margin).toPrecision(6))} %.` +
    byChance
  );
}
