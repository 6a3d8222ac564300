import { type Column, joined, type Markdown, md, table } from "../../foreign-text/markdown.ts";
import type { Evaluated, Graded } from "./graded.ts";
import { type CandidateSummary, percent, type Summary, seedLines, shownResults, type Tally } from "./summary.ts";

const LONGEST_DETAIL = 300;

/** report.md. */
export function markdownReport(evaluated: Evaluated, summary: Summary): Markdown {
  const { candidates, notValid } = summary;
  return joined(
    [
      md`# Evaluation`,
      ...candidates.flatMap(candidatePart),
      ...(candidates.length > 1 ? [sideBySide(candidates)] : []),
      ...(notValid.length > 0 ? [notValidPart(notValid)] : []),
      instancesPart(shownResults(evaluated, summary)),
    ],
    "\n\n",
  );
}

function candidatePart({ model, all, groups, categories }: CandidateSummary): Markdown[] {
  const statuses = Object.entries(all.statuses).filter(([, count]) => count > 0);
  return [
    md`## ${model}`,
    md`Resolved: **${all.resolved} of ${all.valid}** (${percent(all.resolved, all.valid)})${
      all.valid === all.asked ? "" : `; ${all.asked} were asked for, ${all.asked - all.valid} are not valid here`
    }. By status: ${statuses.map(([status, count]) => `${status} ${count}`).join(", ")}.`,
    joined(
      seedLines(all).map((line) => md`${line}`),
      "  \n",
    ),
    tallyTable("Versions", groups),
    tallyTable("Category", categories),
  ];
}

const left = (title: string): Column => ({ title, align: "left" });
const right = (title: string): Column => ({ title, align: "right" });

const tallyTable = (head: string, tallies: readonly Tally[]): Markdown =>
  table(
    [left(head), ...["resolved", "valid", "asked for", "all tests passing"].map(right)],
    tallies.map(({ name, resolved, valid, asked, passing }) => [
      ...[name, `${resolved} (${percent(resolved, valid)})`, valid, asked],
      `${passing} (${percent(passing, asked)})`,
    ]),
  );

/** Models as rows, groups of versions as columns. */
function sideBySide(candidates: readonly CandidateSummary[]): Markdown {
  const groups = candidates[0]!.groups.map(({ name }) => name);
  const of = ({ resolved, valid }: Tally) => `${resolved}/${valid}`;
  const rows = candidates.map(({ model, groups: own, all }) => [model, ...own.map(of), of(all)]);
  return md`## Models side by side\n\n${table([left("Model"), ...[...groups, "all"].map(right)], rows)}`;
}

const notValidPart = (entries: Summary["notValid"]): Markdown =>
  lines([md`## Not valid here\n`, ...entries.map(({ id, why }) => md`- ${id}: ${why.slice(0, LONGEST_DETAIL)}`)]);

function instancesPart(results: readonly Graded[]): Markdown {
  const columns = [...["instance", "candidate", "status", "why"].map(left), ...STAGES.map(([, head]) => right(head))];
  const rows = results.map(({ instance, candidate, grade, saved }) => [
    ...[instance.id, candidate, grade.status, whyOf(grade)],
    ...secondsOf(saved),
  ]);
  return md`## Instances, with the seconds that they took\n\n${table(columns, rows)}`;
}

/** Where time goes, with heads of columns. */
export const STAGES = [
  ...([
    ["repository", "repository"],
    ["patches", "patches"],
    ["setUp", "set-up"],
  ] as const),
  ...([
    ["before", "tests before"],
    ["after", "tests after"],
  ] as const),
] as const;

/** Seconds of each stage; a candidate's repository and phase before are shared with the others of its instance. */
export const secondsOf = (saved: Graded["saved"]): string[] =>
  STAGES.map(([stage]) => (saved === undefined ? "–" : saved.stages[stage].toFixed(1)));

/** With what else is to be known of it. */
export function whyOf({ detail, regressions, unstable, doubled }: Graded["grade"]): string {
  const parts = [
    detail.slice(0, LONGEST_DETAIL),
    counted(regressions.length, "no longer pass"),
    counted(unstable.length, "unstable"),
    counted(doubled.length, "recorded twice"),
  ];
  return parts.filter((part) => part !== "").join("; ");
}

const counted = (count: number, what: string) => (count === 0 ? "" : `${count} ${what}`);
const lines = (all: readonly Markdown[]) => joined(all, "\n");
