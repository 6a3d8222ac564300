import type { RunCell } from "../result/run.ts";
import { loadText } from "./tables.ts";

/** Short name of a cell for legends and table heads: `batch 4`, `300 → 100 · 12.5 req/s`. */
export function cellLabel(cell: RunCell): string {
  const { batchSize, inputLen, outputLen } = cell.params;
  if (cell.benchmark === "latency-sweep" && batchSize !== undefined) return `batch ${batchSize}`;
  if (inputLen !== undefined && outputLen !== undefined) return `${inputLen} → ${outputLen} · ${loadText(cell)}`;
  return idTail(cell);
}

/** Labels of cells by id; where two would read the same, both show their id instead. */
export function cellLabels(cells: readonly RunCell[]): Map<string, string> {
  const byId = new Map(cells.map((cell) => [cell.id, cell]));
  const uses = Map.groupBy(byId.values(), cellLabel);
  return new Map(
    [...byId].map(([id, cell]) => [id, uses.get(cellLabel(cell))!.length > 1 ? idTail(cell) : cellLabel(cell)]),
  );
}

/** Parameters that all cells share, as they stand in the documents: `inputLen 512 · outputLen 128`. */
export function commonParams(cells: readonly RunCell[]): string {
  const [first, ...others] = cells.map(({ params }) => Object.entries(params));
  const shared = first?.filter(([name, value]) =>
    others.every((other) => other.some(([n, v]) => n === name && v === value)),
  );
  return (shared ?? []).map(([name, value]) => `${name} ${value}`).join(" · ");
}

/** Batch size 10 comes after 2, pair 1000:200 after 300:100. */
export function byCellId(a: { id: string }, b: { id: string }): number {
  return a.id.localeCompare(b.id, "en", { numeric: true });
}

function idTail(cell: RunCell): string {
  return cell.id.slice(cell.id.indexOf("/") + 1);
}
