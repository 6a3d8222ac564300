import type { RunCell } from "../document/run.ts";

/** Cells that one failure left without numbers have one log: the first of them keeps it, the others name that one. */
export function keepLogsOnce(cells: readonly RunCell[]): RunCell[] {
  const keepers = new Map<string, string>();
  return cells.map((cell) => {
    if (cell.status !== "failed" || !cell.logTail) return cell;
    const { logTail, ...rest } = cell;
    const keeper = keepers.get(logTail);
    if (keeper === undefined) keepers.set(logTail, cell.id);
    return keeper === undefined ? cell : { ...rest, logTailOf: keeper };
  });
}

/** The log of each cell that has one, whichever cell keeps it. */
export function logsOf(cells: readonly RunCell[]): Map<string, string> {
  const failed = cells.filter((cell) => cell.status === "failed");
  const kept = new Map(failed.flatMap(({ id, logTail }) => (logTail ? [[id, logTail] as const] : [])));
  return new Map(
    failed.flatMap(({ id, logTailOf }) => {
      const log = kept.get(logTailOf ?? id);
      return log === undefined ? [] : [[id, log] as const];
    }),
  );
}
