import { counted } from "../result/counted.ts";
import { REASONS } from "../result/reason.ts";
import type { Run, RunCell } from "../result/run.ts";
import { logsOf } from "../result/shared-log.ts";
import type { RunVerdict } from "../verdict/judge-run.ts";
import { detailLines, outcomeText, subjectLine, timeLine } from "./facts.ts";
import { doubts, resultTables } from "./result-tables.ts";
import type { ResultTable } from "./tables.ts";
import { verdictLines } from "./verdict-table.ts";

/** The job summary of a run, and how it stands against its history if there is one; GitHub-flavoured Markdown. */
export function runSummary(run: Run, verdict: RunVerdict | null = null): string {
  const sections = [
    `## pitwall: ${outcomeText(run)}`,
    subjectLine(run),
    ...detailLines(run),
    ...(run.simulated
      ? ["> [!NOTE]\n> Simulated numbers: they test the pipeline and say nothing about real hardware."]
      : []),
    ...verdictLines(verdict, markdownTable),
    ...resultTables(run).map(markdownTable),
    ...warnings(run),
    ...failures(run),
    ...(run.time === undefined ? [] : [`Time: ${timeLine(run.time)}`]),
    `Run \`${run.id}\``,
  ];
  return `${sections.join("\n\n")}\n`;
}

function warnings(run: Run): string[] {
  const lines = doubts(run.cells).map(({ id, warning }) => `- \`${id}\` ${warning}`);
  return lines.length === 0 ? [] : ["### Doubtful", lines.join("\n")];
}

/** Logs that are shown; each may have 50 long lines. */
const LOGS_SHOWN = 10;
const CELLS_SHOWN = 5;

/** A line for each failure, not for each cell that it left without numbers, and each log once. */
function failures(run: Run): string[] {
  const cells = run.cells.filter((cell) => cell.status !== "ok");
  if (cells.length === 0) return [];
  const logs = logsOf(run.cells);
  const shown = new Set<string>();
  const groups = Map.groupBy(cells, ({ id, status, reason, detail }) =>
    JSON.stringify([status, reason, detail, logs.get(id)]),
  );
  const entries = [...groups.values()].map((same) => {
    const log = logs.get(same[0]!.id);
    return [failureLine(same), ...namesOf(same), ...logLines(log, shown)].join("\n");
  });
  return ["### Without numbers", entries.join("\n")];
}

type Gap = Exclude<RunCell, { status: "ok" }>;

function failureLine(same: readonly Gap[]): string {
  const [{ id, status, reason, detail }] = same as [Gap];
  const subject = same.length === 1 ? `\`${id}\`` : counted(same.length, "cell");
  return `- ${subject} ${status}: **${reason}**. ${REASONS[reason]} ${detail}`;
}

function namesOf(same: readonly Gap[]): string[] {
  if (same.length === 1) return [];
  const names = same.map(({ id }) => `\`${id}\``).join(", ");
  return same.length <= CELLS_SHOWN ? [`  ${names}`] : [details("Cells", names)];
}

function logLines(log: string | undefined, shown: Set<string>): string[] {
  if (log === undefined || shown.has(log)) return [];
  shown.add(log);
  // A log may hold a fence of its own; four backticks outlast three.
  const text = shown.size > LOGS_SHOWN ? "It is in run.json." : `\`\`\`\`text\n${log}\n\`\`\`\``;
  return [details("Log", text)];
}

const details = (title: string, text: string) => `  <details><summary>${title}</summary>\n\n${text}\n\n  </details>`;

export function markdownTable({ title, columns, firstNumber, rows, note }: ResultTable): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = columns.map((_, index) => (index < firstNumber ? ":--" : "--:"));
  const below = note === undefined ? [] : ["", note];
  return [`### ${title}`, "", line(columns), line(rule), ...rows.map(line), ...below].join("\n");
}
