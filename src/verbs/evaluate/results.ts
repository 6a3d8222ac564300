import type { Evaluated, Graded } from "../../evaluate/results/graded.ts";
import { percent, type Summary, seedLines, shownResults, type Tally } from "../../evaluate/results/summary.ts";
import { type Column, code, joined, type Markdown, md, table } from "../../foreign-text/markdown.ts";
import { boxTable } from "../../report/tables/box-table.ts";
import type { Outcome } from "../verb.ts";

/** What an evaluation came to, over all that was asked for. */
export function outcomeOf(evaluated: Evaluated, summary: Summary, output: string): Outcome {
  // Where the controls do not hold, a patch that seems to resolve an instance shows nothing.
  const notValid = new Set(summary.notValid.map(({ id }) => id));
  const notResolved = shownResults(evaluated, summary).filter(
    ({ grade, instance }) => grade.status !== "resolved" || notValid.has(instance.id),
  );
  const { candidates } = summary;
  const isAlone = candidates.length === 1;
  return {
    ok: notResolved.length === 0,
    outputs: {
      instances: evaluated.asked.instances.length,
      resolved: isAlone
        ? candidates[0]!.all.resolved
        : candidates.map(({ candidate, all }) => `${candidate}=${all.resolved}`),
      notResolved: notResolved.map(({ candidate, instance }) =>
        isAlone ? instance.id : `${candidate} ${instance.id}`,
      ),
      results: output,
    },
    text: resultText(evaluated, summary),
    summary: resultMarkdown(evaluated, summary),
  };
}

/** Instances, sums, and the last lines of infra-gym's own script. */
function resultText(evaluated: Evaluated, summary: Summary): string {
  return [
    instancesText(shownResults(evaluated, summary)),
    boxTable(SUM_COLUMNS, sumRows(summary)),
    ...summary.notValid.map(({ id, why }) => `not valid here: ${id}: ${firstLine(why)}`),
    ...totalLines(summary),
  ].join("\n");
}

/** A row for each candidate on each instance. */
export const instancesText = (results: readonly Graded[]): string => boxTable(COLUMNS, results.map(rowOf));

/** The last lines of infra-gym's own script, for each candidate. */
export const totalLines = ({ candidates }: Summary): string[] =>
  candidates.flatMap(({ model, all }) => (candidates.length === 1 ? seedLines(all) : [`${model}:`, ...seedLines(all)]));

const rowOf = ({ candidate, instance, grade }: Graded) => [
  candidate,
  instance.id,
  grade.status,
  firstLine(grade.detail),
];

/** By groups of versions; their sum only where there are several. */
const sumRows = ({ candidates }: Summary): string[][] =>
  candidates.flatMap(({ candidate, groups, all }) =>
    (groups.length > 1 ? [...groups, all] : groups).map((tally) => sumRow(candidate, tally)),
  );

const sumRow = (candidate: string, { name, resolved, valid, asked }: Tally) => [
  candidate,
  name,
  `${resolved} (${percent(resolved, valid)})`,
  String(valid),
  String(asked),
];

function resultMarkdown(evaluated: Evaluated, summary: Summary): Markdown {
  const instances = shownResults(evaluated, summary).map(({ candidate, instance, grade }) => [
    ...[code(candidate), code(instance.id), grade.status],
    firstLine(grade.detail),
  ]);
  const sums = sumRows(summary).map(([candidate, ...cells]) => [code(candidate!), ...cells]);
  const notValid = summary.notValid.map(({ id, why }) => md`- not valid here: ${id}: ${firstLine(why)}`);
  return joined(
    [
      md`### Evaluation of patches`,
      table(SUM_COLUMNS, sums),
      ...(notValid.length === 0 ? [] : [joined(notValid, "\n")]),
      table(COLUMNS, instances),
    ],
    "\n\n",
  );
}

const left = (title: string): Column => ({ title, align: "left" });
const right = (title: string): Column => ({ title, align: "right" });
const COLUMNS = ["candidate", "instance", "status", "why"].map(left);
const SUM_COLUMNS = [...["candidate", "versions"].map(left), ...["resolved", "valid", "asked for"].map(right)];

const LONGEST = 120;

/** As much of a reason as a line holds. */
export const firstLine = (text: string) => text.split("\n", 1)[0]!.slice(0, LONGEST);
