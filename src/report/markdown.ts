import { code, fence, joined, type Markdown, md, table } from "../foreign-text/markdown.ts";
import { logsOf } from "../result/assemble/shared-log.ts";
import { counted } from "../result/counted.ts";
import { REASONS } from "../result/document/reason.ts";
import type { Run, RunCell } from "../result/document/run.ts";
import type { RunVerdict } from "../verdict/judge-run.ts";
import { doubts, resultTables } from "./tables/result-tables.ts";
import type { ResultTable } from "./tables/tables.ts";
import { verdictLines } from "./tables/verdict-table.ts";
import { detailLines, outcomeText, subjectLine, timeLine } from "./text/facts.ts";

/** The job summary of a run, and how it stands against its history if there is one; GitHub-flavoured Markdown. */
export function runSummary(run: Run, verdict: RunVerdict | null = null): Markdown {
  const sections = [
    md`## pitwall: ${outcomeText(run)}`,
    paragraph(subjectLine(run)),
    ...detailLines(run).map(paragraph),
    ...(run.simulated
      ? [md`> [!NOTE]\n> Simulated numbers: they test the pipeline and say nothing about real hardware.`]
      : []),
    ...verdictLines(verdict, { sentence: paragraph, table: markdownTable }),
    ...resultTables(run).map(markdownTable),
    ...warnings(run),
    ...failures(run),
    ...(run.time === undefined ? [] : [md`Time: ${timeLine(run.time)}`]),
    md`Run ${code(run.id)}`,
  ];
  return md`${joined(sections, "\n\n")}\n`;
}

const paragraph = (text: string) => md`${text}`;

function warnings(run: Run): Markdown[] {
  const lines = doubts(run.cells).map(({ id, warning }) => md`- ${code(id)} ${warning}`);
  return lines.length === 0 ? [] : [md`### Doubtful`, joined(lines, "\n")];
}

/** Logs that are shown; each may have 50 long lines. */
const LOGS_SHOWN = 10;
const CELLS_SHOWN = 5;

/** A line for each failure, not for each cell that it left without numbers, and each log once. */
function failures(run: Run): Markdown[] {
  const cells = run.cells.filter((cell) => cell.status !== "ok");
  if (cells.length === 0) return [];
  const logs = logsOf(run.cells);
  const shown = new Set<string>();
  const groups = Map.groupBy(cells, ({ id, status, reason, detail }) =>
    JSON.stringify([status, reason, detail, logs.get(id)]),
  );
  const entries = [...groups.values()].map((same) => {
    const log = logs.get(same[0]!.id);
    return joined([failureLine(same), ...namesOf(same), ...logLines(log, shown)], "\n");
  });
  return [md`### Without numbers`, joined(entries, "\n")];
}

type Gap = Exclude<RunCell, { status: "ok" }>;

function failureLine(same: readonly Gap[]): Markdown {
  const [{ id, status, reason, detail }] = same as [Gap];
  const subject = same.length === 1 ? code(id) : counted(same.length, "cell");
  return md`- ${subject} ${status}: **${reason}**. ${REASONS[reason]} ${detail}`;
}

function namesOf(same: readonly Gap[]): Markdown[] {
  if (same.length === 1) return [];
  const names = joined(
    same.map(({ id }) => code(id)),
    ", ",
  );
  return same.length <= CELLS_SHOWN ? [md`  ${names}`] : [details("Cells", names)];
}

function logLines(log: string | undefined, shown: Set<string>): Markdown[] {
  if (log === undefined || shown.has(log)) return [];
  shown.add(log);
  return [details("Log", shown.size > LOGS_SHOWN ? md`It is in run.json.` : fence(log))];
}

const details = (title: string, text: Markdown) =>
  md`  <details><summary>${title}</summary>\n\n${text}\n\n  </details>`;

export function markdownTable({ title, columns, firstNumber, rows, note }: ResultTable): Markdown {
  const aligned = columns.map((one, at) => ({ title: one, align: at < firstNumber ? "left" : "right" }) as const);
  const below = note === undefined ? [] : [paragraph(note)];
  return joined([md`### ${title}`, table(aligned, rows), ...below], "\n\n");
}
