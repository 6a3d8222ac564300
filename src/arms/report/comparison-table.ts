import { type Column, code, joined, type Markdown, md, table } from "../../foreign-text/markdown.ts";
import { boxTable } from "../../report/tables/box-table.ts";
import { durationText } from "../../report/text/duration-text.ts";
import { counted } from "../../result/counted.ts";
import type { Comparison } from "../comparison.ts";
import { ENDS, type LiveComparison } from "../live-comparison.ts";

const TITLES = ["arm", "cell", "metric", "ratio", "interval", "state", "blocks", "why"];
const COLUMNS: Column[] = TITLES.map((title) => ({ title, align: title === "ratio" ? "right" : "left" }));

/** For a terminal: a row for each comparison, then what there is to know of them. */
export function comparisonText(live: LiveComparison): string {
  const rows = live.comparisons.map((one) => [one.arm, one.cell, one.metric, ...shown(one), firstLine(one.detail)]);
  return [boxTable(COLUMNS, rows), ...notes(live)].join("\n");
}

/** For a job summary. */
export function comparisonMarkdown(live: LiveComparison): Markdown {
  const rows = live.comparisons.map((one) => [
    ...[code(one.arm), code(one.cell), code(one.metric)],
    ...[...shown(one), firstLine(one.detail)],
  ]);
  return joined(
    [
      md`### Builds side by side`,
      table(COLUMNS, rows),
      joined(
        notes(live).map((note) => md`- ${note}`),
        "\n",
      ),
    ],
    "\n\n",
  );
}

function shown({ ratio, low, high, state, blocks, blocksWithout = 0 }: Comparison): string[] {
  const interval = low === undefined || high === undefined ? "–" : `${low.toFixed(4)} to ${high.toFixed(4)}`;
  const counts = blocksWithout === 0 ? String(blocks) : `${blocks} of ${blocks + blocksWithout}`;
  return [ratio === undefined ? "–" : ratio.toFixed(4), interval, state, counts];
}

const LONGEST = 160;
const firstLine = (detail = "") => detail.split("\n", 1)[0]!.slice(0, LONGEST);

function notes(live: LiveComparison): string[] {
  const { arms, blocks, margin, end, quiet, clocks, nullArm, shrunk, time, budgets = [] } = live;
  const percent = Number((100 * margin).toPrecision(6));
  return [
    `the base is ${arms[0]!.name}; equal is within ${percent} %; after ${counted(blocks, "block")} ${ENDS[end]}`,
    ...(nullArm === undefined
      ? []
      : [
          `the base beside itself: ${counted(nullArm.falseAlarms, "false alarm")} in ${counted(nullArm.comparisons, "comparison")}`,
        ]),
    ...(shrunk === undefined
      ? []
      : [`all were measured with --max-model-len ${shrunk.to}, because ${shrunk.arm} had no memory for more`]),
    ...(quiet === undefined || quiet.quiet
      ? []
      : [`the machine was not quiet${busyNote(quiet)}: ${quiet.problems.join("; ")}`]),
    ...(clocks?.problem === undefined ? [] : [`clocks were not locked: ${clocks.problem}`]),
    "intervals are of 95 %, better or worse needs 99 %, both over all looks: one that leaves 1 may be undecided",
    ...(budgets.length > 1 ? [budgetNote(budgets)] : []),
    timeNote(time),
  ];
}

const busyNote = ({ looks, busyLooks }: NonNullable<LiveComparison["quiet"]>) =>
  looks === undefined || busyLooks === undefined
    ? ""
    : ` before ${busyLooks} of ${counted(looks, "block")}, most recently`;

function budgetNote(budgets: NonNullable<LiveComparison["budgets"]>): string {
  const calls = budgets.map(({ from, maxBlocks }) =>
    from === 0 ? String(maxBlocks) : `${maxBlocks} from block ${from + 1} on`,
  );
  return `blocks at most were ${calls.join(", ")}: what earlier looks spent of the error stays spent`;
}

function timeNote(time: LiveComparison["time"]): string {
  const { totalSeconds, engineStartSeconds, warmupSeconds, measuredSeconds, waitedSeconds, keptSeconds } = time;
  const rest = Math.max(0, totalSeconds - engineStartSeconds - warmupSeconds - measuredSeconds - waitedSeconds);
  const parts = [
    `engine starts ${durationText(engineStartSeconds)}`,
    `warm-up ${durationText(warmupSeconds)}`,
    `measuring ${durationText(measuredSeconds)}`,
    ...(waitedSeconds > 0 ? [`waiting ${durationText(waitedSeconds)}`] : []),
    `the rest ${durationText(rest)}`,
    ...(keptSeconds > 0 ? [`and ${durationText(keptSeconds)} of an earlier call`] : []),
  ];
  return `time: ${durationText(totalSeconds)}, of which ${parts.join(", ")}`;
}
