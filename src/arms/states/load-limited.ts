import type { RunCell } from "../../result/document/run.ts";
import { headline } from "../../result/series/series.ts";
import type { ArmRecord } from "./arm-record.ts";

/** Beyond the time that sending takes by itself. */
const LEEWAY = 0.05;

/** Whether the rate that was asked for set an arm's throughput, in each measurement of the cell. */
export function isLoadLimited({ measured }: ArmRecord, cell: string): boolean {
  const cells = measured.flatMap(({ run }) => run.cells.filter(({ id }) => id === cell));
  return cells.length > 0 && cells.every(keptUp);
}

/**
 * At a finite rate the last request goes out after requests ÷ rate. An engine that keeps up has all answered a typical
 * request's time later; of one that does not, a queue has grown by then.
 */
function keptUp(cell: RunCell): boolean {
  const { requestRate, find } = cell.params;
  if (cell.status !== "ok" || typeof requestRate !== "number" || find !== undefined) return false;
  const { completed, duration_s: duration } = cell.metrics;
  const answerMs = headline(cell.metrics, "e2el_ms");
  if (completed === undefined || duration === undefined || answerMs === undefined) return false;
  return duration - answerMs / 1000 <= (1 + LEEWAY) * (completed / requestRate);
}
