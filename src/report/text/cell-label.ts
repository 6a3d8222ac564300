import type { RunCell } from "../../result/document/run.ts";
import { loadText, paceOf, promptText } from "./load-text.ts";
import { samplingText } from "./sampling-text.ts";

/** Short name of a cell for legends and table heads: `batch 4`, `300 → 100 · 12.5 req/s`. */
export function cellLabel(cell: RunCell): string {
  const { batchSize, inputLen, outputLen, dataset } = cell.params;
  if (cell.benchmark === "latency-sweep" && batchSize !== undefined) {
    return `batch ${batchSize}${samplingText(cell.params)}`;
  }
  if (cell.benchmark === "startup-benchmark") return `${idTail(cell).replaceAll("_", " ")} start`;
  if (cell.benchmark === "throughput-benchmark" && cell.params.numPrompts !== undefined) {
    return `${promptText(cell, " → ")} · ${cell.params.numPrompts} requests${samplingText(cell.params)}`;
  }
  const isKnown = dataset !== undefined || (inputLen !== undefined && outputLen !== undefined);
  return isKnown ? `${promptText(cell, " → ")} · ${loadText(cell)}` : idTail(cell);
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

const GROUPS = { steady: "At a request rate", changing: "At a changing rate", closed: "At a concurrency" };
const PACES = Object.keys(GROUPS);

/** Cells that may share a chart's scale: one pair of lengths in a sweep; one way to send requests in serving. */
export function cellGroup(cell: RunCell): string {
  const { inputLen, outputLen } = cell.params;
  if (cell.benchmark === "latency-sweep") return `${inputLen ?? "?"} → ${outputLen ?? "?"} tokens`;
  if (cell.benchmark === "throughput-benchmark") return "All requests at once";
  if (cell.benchmark === "evaluate") return "Versions";
  if (cell.benchmark === "check-functional") return "Suites";
  if (cell.benchmark === "check-accuracy") return "Tasks";
  if (cell.benchmark === "compare") return "Builds side by side";
  if (cell.benchmark === "startup-benchmark") return "Cold and warm starts";
  return GROUPS[paceOf(cell)];
}

/** Request rates before concurrency levels; batch size 10 after 2, pair 1000:200 after 300:100. */
export function byCell(a: RunCell, b: RunCell): number {
  const place = (cell: RunCell) => PACES.indexOf(paceOf(cell));
  return place(a) - place(b) || byId(a, b);
}

const numbersByValue = new Intl.Collator("en", { numeric: true });

export function byId(a: { id: string }, b: { id: string }): number {
  return numbersByValue.compare(a.id, b.id);
}

function idTail(cell: RunCell): string {
  return cell.id.slice(cell.id.indexOf("/") + 1);
}
