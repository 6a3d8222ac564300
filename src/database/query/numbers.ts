import { shownText } from "../../result/checks/shown-run.ts";
import type { Run, RunCell, RunHead } from "../../result/document/run.ts";
import type { MetricName } from "../../result/metrics/metric.ts";
import type { CellChange, ChangeCells } from "../records/kind.ts";

/** Which number of a run. */
export interface Column {
  /** Place of its cell among the cells of the shape. */
  cell: number;
  metric: MetricName;
  /** `value` for a metric that is one number. */
  statistic: string;
}

/** Which numbers a run has. Runs of the same benchmark may share one. */
export interface Shape {
  /** Every cell of the run, also one without numbers; `client` where it is not the run's. */
  cells: readonly { id: string; client: string | null }[];
  /** Cell by cell in the document's order. */
  columns: readonly Column[];
}

/** A run as a query needs it: its numbers in a row, one for each column of its shape. */
export type RunNumbers = RunHead & { shape: Shape; values: ArrayLike<number> };

export function numbersOf({ cells, ...head }: Run): RunNumbers {
  const columns: Column[] = [];
  const values: number[] = [];
  for (const [place, cell] of cells.entries()) {
    if (cell.status !== "ok") continue;
    for (const [metric, found] of Object.entries(cell.metrics)) {
      const statistics: Record<string, number> = typeof found === "number" ? { value: found } : (found ?? {});
      for (const [statistic, value] of Object.entries(statistics)) {
        columns.push({ cell: place, metric: metric as MetricName, statistic });
        values.push(value);
      }
    }
  }
  const names = cells.map((cell) => ({ id: cell.id, client: clientOf(cell) }));
  return { ...head, shape: { cells: names, columns }, values };
}

const clientOf = ({ client }: RunCell) => (client === undefined ? null : shownText(client.kind));

/** Renames cells of runs of which only the numbers are known, as `changeCells` does it in documents. */
export function cellRenamer(): ChangeCells<RunNumbers> {
  // Runs that shared a shape go on sharing one.
  const renamed = new Map<Shape, Map<CellChange, Shape>>();
  return (run, change) => {
    const { shape } = run;
    // A parameter is in no number; two cells of one id could not be told apart.
    if (change.what === "parameter" || !shape.cells.some(({ id }) => id === change.from)) return run;
    if (shape.cells.some(({ id }) => id === change.to)) return run;
    const ofShape = renamed.get(shape) ?? new Map<CellChange, Shape>();
    renamed.set(shape, ofShape);
    const other = ofShape.get(change) ?? withCellName(shape, change);
    ofShape.set(change, other);
    return { ...run, shape: other };
  };
}

function withCellName(shape: Shape, { from, to }: Extract<CellChange, { what: "cell" }>): Shape {
  return { ...shape, cells: shape.cells.map((cell) => (cell.id === from ? { ...cell, id: to } : cell)) };
}
