import type { Run, RunCell } from "../../result/document/run.ts";

type CellCounts = Record<RunCell["status"], number>;

function cellCounts({ cells }: Run): CellCounts {
  const counts: CellCounts = { ok: 0, failed: 0, skipped: 0 };
  for (const cell of cells) counts[cell.status]++;
  return counts;
}

/** `13 ok · 2 failed`; skipped cells only where there are some. */
export function countsText(run: Run): string {
  const { ok, failed, skipped } = cellCounts(run);
  return `${ok} ok · ${failed} failed${skipped > 0 ? ` · ${skipped} skipped` : ""}`;
}
