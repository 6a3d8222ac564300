import { REASONS } from "../result/reason.ts";
import type { Run } from "../result/run.ts";
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

function failures(run: Run): string[] {
  const cells = run.cells.filter((cell) => cell.status !== "ok");
  if (cells.length === 0) return [];
  const entries = cells.map((cell) => {
    const line = `- \`${cell.id}\` ${cell.status}: **${cell.reason}**. ${REASONS[cell.reason]} ${cell.detail}`;
    return cell.status === "failed" && cell.logTail ? `${line}\n${logDetails(cell.logTail)}` : line;
  });
  return ["### Without numbers", entries.join("\n")];
}

function logDetails(log: string): string {
  // A log may hold a fence of its own; four backticks outlast three.
  return `  <details><summary>Log</summary>\n\n\`\`\`\`text\n${log}\n\`\`\`\`\n\n  </details>`;
}

export function markdownTable({ title, columns, firstNumber, rows, note }: ResultTable): string {
  const line = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rule = columns.map((_, index) => (index < firstNumber ? ":--" : "--:"));
  const below = note === undefined ? [] : ["", note];
  return [`### ${title}`, "", line(columns), line(rule), ...rows.map(line), ...below].join("\n");
}
