import type { MetricName } from "../result/metric.ts";
import type { Run, RunHead } from "../result/run.ts";
import { byMoment, isMeant, type Renaming, withRunName } from "./renaming.ts";

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

const clientOf = (cell: Run["cells"][number]) => ("client" in cell ? (cell.client?.kind ?? null) : null);

/** What `applyRenamings` does with documents. A parameter's name is in no number. */
export function renameNumbers(runs: readonly RunNumbers[], renamings: readonly Renaming[]): RunNumbers[] {
  return renamings.toSorted(byMoment).reduce<RunNumbers[]>(
    (all, renaming) => {
      const rename = renamerOf(renaming);
      return all.map((run) => (isMeant(run, renaming) ? rename(run) : run));
    },
    [...runs],
  );
}

function renamerOf(renaming: Renaming): (run: RunNumbers) => RunNumbers {
  if (renaming.what === "parameter") return (run) => run;
  if (renaming.what !== "cell") return (run) => withRunName(run, renaming);
  const { from, to } = renaming;
  // Runs that shared a shape go on sharing one.
  const renamed = new Map<Shape, Shape>();
  return (run) => {
    const { shape } = run;
    if (shape.cells.some(({ id }) => id === to)) return run;
    const known = renamed.get(shape) ?? {
      ...shape,
      cells: shape.cells.map((cell) => (cell.id === from ? { ...cell, id: to } : cell)),
    };
    renamed.set(shape, known);
    return { ...run, shape: known };
  };
}
