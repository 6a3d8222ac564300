import type { Run } from "../document/run.ts";

/**
 * Why no engine of a run came up, where the machine was why for each of its cells: the first cell's account.
 * @returns null for a run that measured something, failed otherwise, or was imported
 */
export function startedNowhere({ cells, engine, source }: Run): string | null {
  if (source !== undefined || engine.secondsToReady !== null) return null;
  const details = cells.flatMap((cell) =>
    cell.status === "failed" && cell.reason === "environment" ? [cell.detail] : [],
  );
  return details.length === cells.length ? (details[0] ?? null) : null;
}
