import { UserError } from "../errors.ts";
import type { Run, RunCell } from "../result/document/run.ts";

/** A serving cell that these tables have a line for. */
export interface ConcurrencyCell {
  cell: Exclude<RunCell, { status: "skipped" }>;
  concurrency: number;
  inputLen: number;
  outputLen: number;
}

/**
 * The cells of the newest run that served prompts and answers of a length at a concurrency: tables of loads tell neither run
 * nor machine, so that they hold one run.
 * @throws UserError when there is none; when it has two cells that such a table cannot tell apart
 */
export function newestConcurrencyCells(runs: readonly Run[]): { run: Run; cells: ConcurrencyCell[] } {
  const found = runs
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt))
    .map((run) => ({ run, cells: run.cells.flatMap(concurrencyCell) }))
    .find(({ cells }) => cells.some(({ cell }) => cell.status === "ok"));
  if (found === undefined) {
    throw new UserError("no run has a serving cell with numbers at a concurrency, of an input and an output length");
  }
  const names = found.cells.map(({ concurrency, inputLen, outputLen }) => `${inputLen}:${outputLen} at ${concurrency}`);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice === undefined) return found;
  throw new UserError(
    `run ${found.run.id} has two cells for ${twice}: this format does not tell their other parameters`,
  );
}

function concurrencyCell(cell: RunCell): ConcurrencyCell[] {
  const { concurrency, inputLen, outputLen } = cell.params;
  if (cell.benchmark !== "serve-benchmark" || cell.status === "skipped") return [];
  if (typeof concurrency !== "number" || typeof inputLen !== "number" || typeof outputLen !== "number") return [];
  return [{ cell, concurrency, inputLen, outputLen }];
}
