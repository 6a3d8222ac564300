import type { Cell, CellParams } from "../result/cell.ts";

/** A cell that is going to be measured: what both benchmarks plan, and what a failed engine leaves unmeasured. */
export interface CellPlan {
  id: string;
  benchmark: Cell["benchmark"];
  params: CellParams;
}
