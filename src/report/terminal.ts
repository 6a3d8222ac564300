import Table from "cli-table3";
import type { Run, RunCell } from "../result/document/run.ts";
import type { RunVerdict } from "../verdict/judge-run.ts";
import { doubts, resultTables } from "./tables/result-tables.ts";
import type { ResultTable } from "./tables/tables.ts";
import { verdictLines } from "./tables/verdict-table.ts";
import { outcomeText, subjectLine } from "./text/facts.ts";

/** The results of a run for a terminal: tables, what is doubtful, what failed, and what moved against its history. */
export function runText(run: Run, verdict: RunVerdict | null = null): string {
  const results = `${outcomeText(run)}  ${subjectLine(run)}\n\n${cellsText(run.cells)}`;
  return [results, ...verdictLines(verdict, { sentence: (text) => text, table: terminalTable })].join("\n");
}

/** The same of cells alone. */
export function cellsText(cells: RunCell[]): string {
  const failed = cells.filter((cell) => cell.status !== "ok");
  const reasons = failed.map((cell) => `✗ ${cell.id} ${cell.status}: ${cell.reason}: ${cell.detail}`);
  const warnings = doubts(cells).map(({ id, warning }) => `⚠ ${id}: ${warning}`);
  return [...resultTables({ cells }).map((table) => `${terminalTable(table)}\n`), ...warnings, ...reasons].join("\n");
}

export function terminalTable({ title, columns, firstNumber, rows, note }: ResultTable): string {
  const table = new Table({
    head: columns,
    colAligns: columns.map((_, index) => (index < firstNumber ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return [title, table.toString(), ...(note === undefined ? [] : [note])].join("\n");
}
