import type { Run, RunCell } from "../result/document/run.ts";

/**
 * Gives cells whose workload or client changed another id, which names the difference to the newest one of the same id:
 * a chart must not join numbers of different questions. A goodput under other limits than the newest one's is left out;
 * the limits change nothing about the other metrics.
 * @param runs of one context, oldest first
 */
export function separateSeries(runs: readonly Run[]): Run[] {
  const newestLimits = new Map(runs.flatMap((run) => run.cells.map((cell) => [cell.id, limitsOf(cell)] as const)));
  const newest = new Map(runs.flatMap((run) => run.cells.map((cell) => [cell.id, workloadOf(run, cell)] as const)));
  return runs.map((run) => ({
    ...run,
    cells: run.cells.map((cell) => {
      const now = newest.get(cell.id)!;
      const own = workloadOf(run, cell);
      const comparable = newestLimits.get(cell.id) === limitsOf(cell) ? cell : withoutGoodput(cell);
      const names = [...new Set([...Object.keys(own), ...Object.keys(now)])].filter((name) => own[name] !== now[name]);
      if (names.length === 0) return comparable;
      return { ...comparable, id: `${cell.id} (${names.map((name) => `${name} ${own[name] ?? "–"}`).join(", ")})` };
    }),
  }));
}

/** Limits of a single request, in any order. */
function limitsOf(cell: RunCell): string {
  const slos = cell.status === "ok" ? (cell.slos ?? []) : [];
  return slos
    .map(({ metric, limitMs }) => `${metric}<${limitMs}`)
    .sort()
    .join(" ");
}

function withoutGoodput(cell: RunCell): RunCell {
  if (cell.status !== "ok") return cell;
  const { request_goodput_req_s: _, ...metrics } = cell.metrics;
  return { ...cell, metrics };
}

/** What was asked and who asked: all that must be equal within a context before two numbers may be compared. */
function workloadOf(run: Run, { params, client }: RunCell): Record<string, string | number | boolean> {
  return { ...params, client: (client ?? run.client).kind };
}
