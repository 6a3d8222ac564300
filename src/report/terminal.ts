import Table from "cli-table3";
import type { Run } from "../result/run.ts";
import { outcomeText, subjectLine } from "./facts.ts";
import { type ResultTable, resultTables } from "./tables.ts";

/** The results of a run for a terminal: tables, then what failed. */
export function runText(run: Run): string {
  const failed = run.cells.filter((cell) => cell.status !== "ok");
  return [
    `${outcomeText(run)}  ${subjectLine(run)}`,
    ...resultTables(run).map((table) => `\n${terminalTable(table)}`),
    ...failed.map((cell) => `✗ ${cell.id} ${cell.status}: ${cell.reason}: ${cell.detail}`),
  ].join("\n");
}

export function terminalTable({ title, columns, firstNumber, rows }: ResultTable): string {
  const table = new Table({
    head: columns,
    colAligns: columns.map((_, index) => (index < firstNumber ? "left" : "right")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows);
  return `${title}\n${table.toString()}`;
}
