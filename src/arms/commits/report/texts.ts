import { csvLine } from "../../../foreign-text/csv-line.ts";
import { code, joined, type Markdown, md } from "../../../foreign-text/markdown.ts";
import { markdownTable } from "../../../report/markdown.ts";
import { terminalTable } from "../../../report/terminal.ts";
import type { ArmResult } from "../arm-result.ts";
import { CATEGORIES } from "../judge/category.ts";
import { primaryOf } from "../judge/difference.ts";
import { isUsable, type JudgedTask, type PatchReport } from "./patch-report.ts";
import { reasonOf, reportTables } from "./tables.ts";

/** For a terminal. */
export function reportText(report: PatchReport): string {
  const why = whyLines(report).map(({ short, agent, text }) => `${short} ${agent}: ${text}`);
  const rest = incomplete(report).map(
    ({ short, category, task }) => `${short} ${category}: ${whyIncomplete(task, category)}`,
  );
  const list = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ["", title, ...lines]);
  return [...reportTables(report).map(terminalTable), ...list("Why", why), ...list("Incomplete", rest)].join("\n");
}

/** For a file, or the summary of a job. */
export function reportMarkdown(report: PatchReport): Markdown {
  const why = whyLines(report).map(({ short, agent, text }) => md`- ${code(short)} ${agent}: ${text}`);
  const rest = incomplete(report).map(
    ({ short, category, task }) => md`- ${code(short)} ${category}: ${whyIncomplete(task, category)}`,
  );
  const list = (title: string, lines: readonly Markdown[]) =>
    lines.length === 0 ? [] : [md`### ${title}`, joined(lines, "\n")];
  const parts = [
    md`## Patches compared`,
    ...reportTables(report).map(markdownTable),
    ...list("Why", why),
    ...list("Incomplete", rest),
  ];
  return md`${joined(parts, "\n\n")}\n`;
}

/** Lines of the first table that are not plainly what they seem. */
function whyLines({ tasks }: PatchReport): { short: string; agent: string; text: string }[] {
  return tasks.filter(isUsable).flatMap(({ short, verdicts }) =>
    verdicts.map((verdict) => ({
      ...{ short, agent: verdict.attempt.agent, text: `${verdict.state}: ${reasonOf(verdict)}` },
    })),
  );
}

const incomplete = ({ tasks }: PatchReport): JudgedTask[] => tasks.filter((one) => !isUsable(one));

function whyIncomplete({ human, attempts, note }: JudgedTask["task"], category: JudgedTask["category"]): string {
  const arms = [human, ...attempts.map(({ result }) => result)].filter((one) => one !== undefined);
  const absent = [...new Set(arms.filter(({ end }) => end === "image_missing").map(({ arm }) => arm))];
  if (category === "image_missing" && absent.length > 0) return `no image of ${absent.join(" and ")}`;
  return note.skip ?? arms.flatMap(({ error }) => error ?? [])[0] ?? CATEGORIES[category];
}

const COLUMNS = [
  ...["commit", "model", "category", "agent", "published", "state", "metric", "baseline", "human", "value"],
  ...["difference_percent", "speed_up_agent", "speed_up_human", "blame", "detail"],
];

/** A line for each attempt at each commit; a commit without attempts has one, too. */
export function reportCsv({ tasks }: PatchReport): string {
  return csvLine(COLUMNS) + tasks.flatMap(linesOf).join("");
}

function linesOf({ short, category, task, verdicts }: JudgedTask): string[] {
  const model = task.pair?.model ?? task.human?.settings.model;
  if (verdicts.length === 0) return [csvLine([short, model, category, ...COLUMNS.slice(3).map(() => undefined)])];
  return verdicts.map((verdict) => {
    const { attempt, published, state, difference, speedUp, blame, detail } = verdict;
    return csvLine([
      ...[short, model, category, attempt.agent, published, state, difference?.metric],
      ...[numberOf(attempt.baseline), numberOf(attempt.human), numberOf(attempt.result)],
      ...[difference?.percent, speedUp?.agent, speedUp?.human, blame?.on, detail],
    ]);
  });
}

const numberOf = (result: ArmResult | undefined): number | undefined => result && primaryOf(result)?.value;
